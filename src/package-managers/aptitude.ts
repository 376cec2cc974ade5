import { readApt } from './apt-call.ts';
import type { PackageManager } from './package-manager.ts';

/** aptitude. */
export const aptitude: PackageManager = readApt('aptitude', ['aptitude']);
