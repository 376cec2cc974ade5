import { hasOption } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { defineManager, optionTexts } from './subcommands.ts';

/** setuptools: `python setup.py install` puts a project where pip would. */
export const setuptools: PackageManager = defineManager({
  name: 'setuptools',
  programs: ['setup.py'],
  scope: 'language',
  values: '--prefix --root --home --install-lib --install-scripts --record -b --build-base -d --dist-dir',
  actions: {
    install: 'install develop',
    build: 'build build_ext bdist_wheel sdist',
    clean: 'clean',
    query: '--version --name check',
  },
  describe: ({ options }, action) => {
    if (action !== 'install') return {};
    const prefix = optionTexts(options, '--prefix', '--root', '--home')[0];
    const where = hasOption(options, '--user') ? 'user' : prefix === undefined ? 'default' : 'directory';
    return { action: 'restore', files: ['setup.py'], where, directory: prefix };
  },
});
