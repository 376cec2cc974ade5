import type { PackageManager } from './package-manager.ts';
import { readDnf } from './rpm-call.ts';

/** dnf of Fedora and its relatives. */
export const dnf: PackageManager = readDnf('dnf', ['dnf', 'dnf5', 'tdnf']);
