import { hasOption, readOptions } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { intoDirectory, invocation, readPackages } from './subcommands.ts';

const values = new Set(
  (
    '-l --local-lib -L --local-lib-contained -M --from --mirror --mirror-index --with-feature --without-feature ' +
    '--configure-timeout --build-timeout --test-timeout --cpanfile --save-dists --format'
  ).split(' '),
);

/** cpanminus: every word that is no option names a module, a file or a folder. */
export const cpanm: PackageManager = {
  name: 'cpanm',
  programs: ['cpanm'],
  read: (words, command) => {
    const { options, operands } = readOptions(words.slice(1), { values });
    const into = intoDirectory(options, '-l', '--local-lib', '-L', '--local-lib-contained') ?? {};
    const own = { name: 'cpanm', scope: 'language' } as const;
    if (hasOption(options, '--installdeps'))
      return invocation(own, 'restore', { options, command }, { ...into, files: ['cpanfile', 'Makefile.PL'] });
    const packages = readPackages(operands, { version: /[@~]/, path: /^(?:[./]|https?:|git[+:])/ });
    return invocation(own, operands.length === 0 ? 'query' : 'install', { options, command }, { ...into, ...packages });
  },
};
