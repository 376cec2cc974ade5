// Made by `npm run generate` from the files of this folder.
import type { PackageManager } from './package-manager.ts';

export const packageManagers: readonly PackageManager[] = [
];
