import { hasOption, optionValue } from '../shell/options.ts';
import { textOf } from '../shell/word.ts';
import type { Invocation, PackageManager } from './package-manager.ts';
import { type Call, defineManager, intoDirectory } from './subcommands.ts';

function describe({ subcommand, options, operands, command }: Call, action: Invocation['action']): Partial<Invocation> {
  // MSBuild's `/p:Name=Value` is an option; `true` is what `--self-contained` may be followed by.
  const projects = operands.filter((word) => !/^(?:\/[A-Za-z]+(?::|$)|true$|false$)/.test(textOf(word) ?? ''));
  const files = projects.flatMap((word) => textOf(word) ?? []);
  switch (action) {
    case 'restore':
      return { files, ...intoDirectory(options, '--packages') };
    case 'build':
      return { paths: projects, files, output: optionValue(options, '-o', '--output') };
    case 'install': {
      const version = optionValue(options, '-v', '--version')?.raw;
      const [verb, ...names] = projects;
      const own = verb?.value === 'install' || verb?.value === 'restore' || verb?.value === 'update';
      if (subcommand === 'tool' && verb?.value === 'restore')
        return { action: 'restore', files: ['.config/dotnet-tools.json'] };
      if (!own) return { action: 'other' };
      const packages = names.flatMap((word) => (word.value === undefined ? [] : [{ name: word.value, version, word }]));
      return {
        packages,
        unknown: names.filter((word) => word.value === undefined),
        ...(hasOption(options, '-g', '--global') ? { where: 'user' } : {}),
        ...intoDirectory(options, '--tool-path'),
      };
    }
    case 'run':
      return {
        program:
          subcommand === 'run' || subcommand === 'watch' || subcommand === 'exec'
            ? operands
            : startedWords(command, subcommand),
      };
    default:
      return { paths: projects };
  }
}

/** `dotnet app.dll ARGUMENTS`: the runtime starts the program itself. */
function startedWords(command: Invocation['command'], first: string): Invocation['program'] {
  const at = command.words.findIndex((word) => word.value === first);
  return at === -1 ? [] : command.words.slice(at);
}

/** The dotnet command, as builder and as runtime. */
export const dotnet: PackageManager = defineManager({
  name: 'dotnet',
  programs: ['dotnet'],
  scope: 'language',
  values:
    '-o --output -c --configuration -r --runtime -f --framework -a --arch --os -v --verbosity -s --source --project -p ' +
    '--version --tool-path --version-suffix --configfile --packages --launch-profile --logger --filter --manifest ' +
    '--add-source --artifacts-path -property --property --collect --settings --results-directory -n --name',
  runs: ['run', 'exec'],
  actions: {
    install: 'tool workload',
    restore: 'restore',
    build: 'build publish pack msbuild',
    run: 'run exec watch',
    clean: 'clean',
    configure: 'nuget new dev-certs sln add user-secrets',
    query: 'list help sdk --info',
    other: 'test format ef vstest build-server remove store',
  },
  otherwise: 'run',
  describe,
});
