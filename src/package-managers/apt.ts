import { readApt } from './apt-call.ts';
import type { PackageManager } from './package-manager.ts';

/** apt, the one for people. */
export const apt: PackageManager = readApt('apt', ['apt']);
