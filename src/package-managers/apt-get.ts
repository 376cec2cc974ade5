import { readApt } from './apt-call.ts';
import type { PackageManager } from './package-manager.ts';

/** apt-get and the programs around it. */
export const aptGet: PackageManager = readApt('apt-get', [
  'apt-get',
  'apt-cache',
  'apt-mark',
  'apt-key',
  'apt-add-repository',
  'add-apt-repository',
]);
