import type { PackageManager } from './package-manager.ts';
import { readDnf } from './rpm-call.ts';

/** yum. */
export const yum: PackageManager = readDnf('yum', ['yum']);
