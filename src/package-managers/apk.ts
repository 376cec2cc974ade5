import { optionValue } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { defineManager, intoDirectory, readPackages } from './subcommands.ts';

/** apk(8) of Alpine Linux. */
export const apk: PackageManager = defineManager({
  name: 'apk',
  programs: ['apk'],
  scope: 'system',
  values:
    '-t --virtual -X --repository -p --root --keys-dir --repositories-file --wait --arch --cache-dir --cache-max-age ' +
    '--progress-fd --timeout --cache-packages -o --output --url',
  actions: {
    install: 'add fix',
    remove: 'del',
    update: 'update',
    upgrade: 'upgrade',
    clean: 'cache',
    query: 'info list search policy dot version stats verify audit',
  },
  describe: ({ options, operands }, action) => {
    if (action !== 'install' && action !== 'remove') return {};
    return {
      ...readPackages(operands, { version: /[=<>~@]/, path: /^(?:\.{0,2}\/|https?:)|\.apk$/ }),
      ...intoDirectory(options, '-p', '--root'),
      virtual: optionValue(options, '-t', '--virtual')?.value,
    };
  },
});
