import type { MigratedDockerfile } from './deployment.ts';

/** Whether a build argument chose the image of a FROM before, and chooses none afterwards. */
export function choosesBase(argument: string, { before, result }: MigratedDockerfile): boolean {
  return /^\w+$/.test(argument) && isUsed(argument, before) && !isUsed(argument, result.after);
}

function isUsed(argument: string, text: string): boolean {
  return new RegExp(`^[ \\t]*FROM[^\\n]*\\$\\{?${argument}\\b`, 'im').test(text);
}
