import { hasOption, type Option } from '../shell/options.ts';
import type { Word } from '../shell/tree.ts';
import { optionTexts } from './subcommands.ts';

/** `name@version`, `@scope/name@version`; files, addresses and `user/repository` are paths. */
export const nodePackages = {
  version: /(?<=.)@/,
  path: /^(?:\.|\/|~\/|file:|https?:|git[+:]|github:|gitlab:|bitbucket:|gist:|ssh:)|^[^@/]+\/|\.tgz$/,
};

/** Whether development dependencies are left out, by any of the spellings in use. */
export function leavesDevelopmentOut(options: readonly Option[]): boolean {
  return options.some(({ name, value }) => {
    const text = value?.value;
    if (name === '--production' || name === '--prod') return text === undefined || text !== 'false';
    if (name === '--omit') return text === 'dev';
    if (name === '--only') return text === 'prod' || text === 'production';
    if (name === '--dev') return text === 'false';
    return false;
  });
}

/** Whether packages go where every project finds them. */
export function isGlobal(options: readonly Option[]): boolean {
  return hasOption(options, '-g', '--global') || optionTexts(options, '--location').includes('global');
}

/** A script and its arguments: `--` between them is not one. */
export function scriptWords(operands: readonly Word[]): readonly Word[] {
  return operands[1]?.value === '--' ? [operands[0]!, ...operands.slice(2)] : operands;
}
