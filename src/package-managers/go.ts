import { optionValue } from '../shell/options.ts';
import type { Invocation, PackageManager } from './package-manager.ts';
import { type Call, defineManager, intoDirectory, readPackages } from './subcommands.ts';

const goFiles = ['go.mod', 'go.sum'];

function describe({ subcommand, options, operands }: Call): Partial<Invocation> {
  const common: Partial<Invocation> = intoDirectory(options, '-C') ?? {};
  switch (subcommand) {
    case 'build':
      return { ...common, files: goFiles, paths: operands, output: optionValue(options, '-o') };
    case 'mod': {
      const [what] = operands;
      if (
        what?.value === 'download' ||
        what?.value === 'vendor' ||
        what?.value === 'tidy' ||
        what?.value === 'verify'
      ) {
        return { ...common, action: 'restore', files: goFiles };
      }
      return common;
    }
    case 'install': {
      // With a version it is a program from elsewhere, without one a package of this module.
      const given = readPackages(operands, { version: /@/, path: /^(?:\.|\/)/ });
      const own = given.packages.every(({ version }) => version === undefined) && given.unknown.length === 0;
      if (own) return { ...common, action: 'build', files: goFiles, paths: operands, where: 'global' };
      return { ...common, ...given, where: 'global' };
    }
    case 'get':
      return { ...common, ...readPackages(operands, { version: /@/, path: /^(?:\.|\/)/ }) };
    case 'run':
    case 'tool':
      return { ...common, program: operands };
    case 'generate':
    case 'test':
    case 'vet':
      return { ...common, paths: operands };
    default:
      return common;
  }
}

/** The go command. */
export const go: PackageManager = defineManager({
  name: 'go',
  programs: ['go'],
  scope: 'language',
  values:
    '-o -p -asmflags -buildmode -compiler -gccgoflags -gcflags -installsuffix -ldflags -mod -modfile -overlay -pgo ' +
    '-pkgdir -tags -toolexec -C -covermode -coverpkg -coverprofile -exec -run -bench -count -timeout -vettool -cpu ' +
    '-parallel -fuzz -fuzztime -benchtime -skip -shuffle -outputdir',
  singleDashLong: true,
  runs: ['run', 'tool'],
  actions: {
    install: 'install get',
    build: 'build',
    run: 'run tool',
    clean: 'clean',
    configure: 'mod env work telemetry',
    query: 'list version doc help',
    other: 'test vet generate fmt fix',
  },
  describe,
});
