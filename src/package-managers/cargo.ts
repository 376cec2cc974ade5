import { optionValue } from '../shell/options.ts';
import type { Invocation, PackageManager } from './package-manager.ts';
import { type Call, defineManager, intoDirectory, optionTexts, readPackages } from './subcommands.ts';

const cargoFiles = ['Cargo.toml', 'Cargo.lock'];

function describe(call: Call, action: Invocation['action']): Partial<Invocation> {
  const { subcommand, options, operands } = call;
  const manifest = optionTexts(options, '--manifest-path');
  const files = manifest.length > 0 ? manifest : cargoFiles;
  switch (subcommand) {
    case 'install': {
      const path = optionValue(options, '--path');
      const given = readPackages(operands, { version: /@/, path: /^(?:\.|\/)/ });
      const common: Partial<Invocation> = { where: 'global', ...given, ...intoDirectory(options, '--root') };
      return path === undefined ? common : { ...common, action: 'build', paths: [path], files };
    }
    case 'add':
    case 'remove':
      return readPackages(operands, { version: /@/, path: /^(?:\.|\/)/ });
    // cargo-chef builds the dependencies alone, from a recipe made of the manifests.
    case 'chef':
      return operands[0]?.value === 'cook'
        ? { action: 'restore', files: [...optionTexts(options, '--recipe-path'), 'recipe.json'].slice(0, 1) }
        : { action: 'other', files };
    case 'run':
      return { program: operands, files };
    default:
      if (action === 'restore') return { files };
      return action === 'build'
        ? { files, output: optionValue(options, '--target-dir', '--out-dir', '--artifact-dir') }
        : {};
  }
}

const manager = defineManager({
  name: 'cargo',
  programs: ['cargo'],
  scope: 'language',
  values:
    '-p --package --bin --example --test --bench -F --features --target --target-dir --out-dir --artifact-dir ' +
    '--manifest-path -j --jobs --profile --message-format --config -Z --color --exclude -C --root --path --git ' +
    '--branch --tag --rev --version --vers --registry --index --recipe-path --lockfile-path --crate-type',
  runs: ['run'],
  actions: {
    install: 'install add binstall',
    restore: 'fetch vendor generate-lockfile',
    remove: 'uninstall remove rm',
    upgrade: 'update',
    build: 'build b rustc zigbuild auditable',
    run: 'run r',
    clean: 'clean',
    configure: 'init new login',
    query: 'tree metadata search info locate-project pkgid version',
  },
  describe,
});

/** cargo. A toolchain (`+nightly`) may come before the subcommand. */
export const cargo: PackageManager = {
  ...manager,
  read: (words, command) => {
    const toolchain = words[1]?.value?.startsWith('+') === true;
    return manager.read(toolchain ? [words[0]!, ...words.slice(2)] : words, command);
  },
};
