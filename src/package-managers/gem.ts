import { hasOption, optionValue } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { defineManager, intoDirectory, readPackages } from './subcommands.ts';

/** RubyGems. */
export const gem: PackageManager = defineManager({
  name: 'gem',
  programs: ['gem'],
  scope: 'language',
  values:
    '-v --version -i --install-dir -n --bindir --platform -P --trust-policy -s --source --build-root -g --file -p ' +
    '--http-proxy --config-file -o --output --document --without -B --bulk-threshold --target-rbconfig',
  actions: {
    install: 'install i',
    remove: 'uninstall',
    upgrade: 'update',
    build: 'build',
    clean: 'cleanup',
    configure: 'sources',
    query: 'list search info env environment which contents dependency outdated specification help',
  },
  describe: ({ options, operands }, action) => {
    if (action === 'build') return { paths: operands, output: optionValue(options, '-o', '--output') };
    if (action !== 'install' && action !== 'remove') return {};
    const given = readPackages(operands, { version: /:(?=[\d<>=~!])/, path: /^(?:\.|\/)|\.gem$/ });
    const version = optionValue(options, '-v', '--version');
    const [only] = given.packages;
    const packages =
      version !== undefined && only !== undefined && given.packages.length === 1
        ? [{ ...only, version: version.raw }]
        : given.packages;
    return {
      ...given,
      packages,
      ...(hasOption(options, '--user-install') ? { where: 'user' } : {}),
      ...intoDirectory(options, '-i', '--install-dir'),
    };
  },
});
