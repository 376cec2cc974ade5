import type { PackageManager } from './package-manager.ts';
import { pythonPackages, readPipInstall } from './python-packages.ts';
import { defineManager, readPackages } from './subcommands.ts';

/** pip. `pip3.12` and `python -m pip` are the same program. */
export const pip: PackageManager = defineManager({
  name: 'pip',
  programs: ['pip'],
  scope: 'language',
  values:
    '-r --requirement -c --constraint --build-constraint -t --target -e --editable --prefix --root --platform ' +
    '--python-version --implementation --abi --progress-bar --src -i --index-url --extra-index-url -f --find-links ' +
    '--no-binary --only-binary -C --config-settings --config-setting --global-option --install-option --build-option ' +
    '--upgrade-strategy --cache-dir --log --log-file --proxy --retries --resume-retries --timeout --default-timeout ' +
    '--exists-action --trusted-host --cert --client-cert --python --use-feature --use-deprecated --report ' +
    '--root-user-action --group -d --dest -w --wheel-dir --keyring-provider --format --path --uploaded-prior-to',
  actions: {
    install: 'install',
    remove: 'uninstall',
    build: 'wheel',
    clean: 'cache',
    configure: 'config',
    query: 'list show freeze check search index inspect hash debug help',
  },
  describe: ({ options, operands, subcommand }, action) => {
    if (action === 'install') return readPipInstall(options, operands);
    if (action === 'remove') return readPackages(operands, pythonPackages);
    if (action === 'build' || subcommand === 'download') return { ...readPipInstall(options, operands), action };
    return {};
  },
});
