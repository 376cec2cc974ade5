import { readOptions } from '../shell/options.ts';
import type { Word } from '../shell/tree.ts';
import type { PackageManager } from './package-manager.ts';
import { invocation, readPackages, setOf } from './subcommands.ts';

/** `-j4`, `-j "$(nproc)"` */
function withoutJobs(words: readonly Word[]): Word[] {
  return words.filter(({ raw }, index) => !raw.startsWith('-j') && words[index - 1]?.raw !== '-j');
}

const values = setOf('--ini-name');

/** The scripts of PHP's official image that build and switch on extensions. */
export const dockerPhp: PackageManager = {
  name: 'docker-php',
  programs: ['docker-php-ext-install', 'docker-php-ext-configure', 'docker-php-ext-enable', 'docker-php-source'],
  read: (words, command) => {
    const program = words[0]?.value;
    const { options, operands } = readOptions(withoutJobs(words.slice(1)), { values });
    const named = program === 'docker-php-ext-configure' ? operands.slice(0, 1) : operands;
    const manager = { name: 'docker-php', scope: 'language' } as const;
    if (program === 'docker-php-source') return invocation(manager, 'other', { options, command }, {});
    const action = program === 'docker-php-ext-install' ? 'install' : 'configure';
    return invocation(manager, action, { options, command }, readPackages(named, { version: /$^/, path: /\// }));
  },
};
