import type { PackageManager } from './package-manager.ts';
import { readDnf } from './rpm-call.ts';

/** microdnf of small RPM images. */
export const microdnf: PackageManager = readDnf('microdnf', ['microdnf']);
