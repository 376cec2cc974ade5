import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { InspectFlags } from './commands/inspect.ts';
import type { MigrateFlags } from './commands/migrate.ts';
import { type ProveFlags, proofFormats } from './commands/prove-flags.ts';
import type { Core } from './core.ts';
import { type Format, formats } from './formats.ts';
import type { Io } from './io.ts';
import { type CommonFlags, Session } from './session.ts';

/** Runs one command line, given without the program's name. Returns the exit code; never throws. */
export async function run(args: readonly string[], io: Io, core: Core, version: string): Promise<number> {
  let code = 0;
  const act = async (flags: CommonFlags, action: (session: Session) => Promise<number>) => {
    code = await action(new Session(io, core, flags, version));
  };
  try {
    await describe(act, io, version).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // commander has told already what is wrong; help and version come this way too
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    new Session(io, core, { color: false, debug: args.includes('--debug') }, version).fail(error);
    return 2;
  }
}

type Act = (flags: CommonFlags, action: (session: Session) => Promise<number>) => Promise<void>;

function describe(act: Act, io: Io, version: string): Command {
  const program = new Command('rehull')
    .description('Moves containers onto Docker Hardened Images and proves that they still run')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, writeError) => {
        const line = text
          .replace(/^error: /, '')
          .trim()
          .replace(/\s*\n\s*/g, ' ');
        writeError(`rehull: ${line}; see rehull --help\n`);
      },
    })
    .showSuggestionAfterError()
    .helpCommand(false);

  const migrate = common(program.command('migrate').description('migrate Dockerfiles; prints a diff'))
    .argument('[paths...]', 'files, directories, or - for standard input')
    .option('--read-only-root', 'say what to mount where the root file system is read-only')
    .option('--write', 'replace the files: all of them, or none')
    .option('--allow-dirty', 'with --write: also files with changes that are not committed')
    .option('--patch <file>', 'write the differences to a file that git apply takes')
    .addOption(
      new Option('--format <format>', 'print a report instead of a diff; markdown is for a pull request').choices(
        formats,
      ),
    )
    .option('--json', 'the same as --format json (rehull.schema.json)');
  migrate.action((paths: string[], flags: CommonFlags & MigrateFlags) =>
    act(flags, async (session) => (await import('./commands/migrate.ts')).migrate(session, paths, flags)),
  );

  const check = common(program.command('check').description('hold Dockerfiles against the checklist'))
    .argument('[paths...]', 'files, directories, or - for standard input')
    .addOption(
      new Option('--format <format>', 'how to print findings').choices(['terminal', ...formats]).default('terminal'),
    );
  check.action((paths: string[], flags: CommonFlags & { format: Format | 'terminal' }) =>
    act(flags, async (session) => (await import('./commands/check.ts')).check(session, paths, flags.format)),
  );

  common(program.command('customize').description('define customized images for the packages that migrations carry'))
    .argument('[paths...]', 'files, directories, or - for standard input')
    .option('--name <name>', "the customization's name, which ends the image's tags (name of the folder)")
    .action((paths: string[], flags: CommonFlags & { name?: string }) =>
      act(flags, async (session) => (await import('./commands/customize.ts')).customize(session, paths, flags.name)),
    );

  const syntax = diagnostic(program.command('syntax').description("print files as BuildKit's parser reads them"));
  syntax
    .argument('<files...>', 'files, or - for standard input')
    .action((files: string[], flags: CommonFlags) =>
      act(flags, async (session) => (await import('./commands/syntax.ts')).syntax(session, files)),
    );

  const explain = hardenedHome(diagnostic(program.command('explain').description('explain a rule or an image')));
  explain
    .argument('<subject>', 'id of a rule, or an image')
    .action((subject: string, flags: CommonFlags) =>
      act(flags, async (session) => (await import('./commands/explain.ts')).explain(session, subject)),
    );

  diagnostic(program.command('inspect').description('open an image and say whether it can start'))
    .argument(
      '<image>',
      "an archive (docker image save), an OCI layout, or a name: of Docker's images, else in its registry",
    )
    .option('--json', 'print one JSON object instead of a report')
    .option('--platform <platform>', 'which platform of the image, like linux/arm64')
    .option('--image <name>', 'which image of an archive or a layout with several')
    .action((image: string, flags: CommonFlags & InspectFlags) =>
      act(flags, async (session) => (await import('./commands/inspect.ts')).inspect(session, image, flags)),
    );

  const prove = common(program.command('prove').description('build and run a project before and after, and compare'))
    .argument('[path]', 'a file or a directory')
    .option('--migrated <file>', "prove this Dockerfile, made by hand, instead of rehull's own migration")
    .option('--read-only-root', 'also forbid the migrated program to write to its root file system')
    .option('--build-network <mode>', 'network of RUN while building, like host or none')
    .option('--wait <seconds>', 'how long a program may take to answer (60)', seconds)
    .option('--grace <seconds>', 'how long a program may take to end after SIGTERM (10)', seconds)
    .addOption(new Option('--format <format>', 'how to tell the result').choices(proofFormats).default('terminal'));
  prove.action((path: string | undefined, flags: CommonFlags & ProveFlags) =>
    act(flags, async (session) => (await import('./commands/prove.ts')).prove(session, path ?? '.', flags)),
  );

  describeCatalog(program.command('catalog').description('ask and update the catalog of hardened images'), act);
  return program;
}

function describeCatalog(catalog: Command, act: Act): void {
  const commands = () => import('./commands/catalog.ts');
  const command = (name: string, description: string) =>
    hardenedHome(diagnostic(catalog.command(name).description(description)));
  command('search', 'find images by name')
    .argument('<words...>')
    .action((words: string[], flags: CommonFlags) =>
      act(flags, async (session) => (await commands()).search(session, words)),
    );
  command('resolve', 'the hardened image that stands for an image')
    .argument('<image>')
    .action((image: string, flags: CommonFlags) =>
      act(flags, async (session) => (await commands()).resolve(session, image)),
    );
  command('show', 'the tags of an image, or what is behind one of them')
    .argument('<image>')
    .action((image: string, flags: CommonFlags) =>
      act(flags, async (session) => (await commands()).show(session, image)),
    );
  command('info', 'day and size of the catalog in use').action((flags: CommonFlags) =>
    act(flags, async (session) => (await commands()).info(session)),
  );
  diagnostic(catalog.command('update').description('take the public catalog of today'))
    .option('--from <archive>', 'an archive of the catalog, path or URL')
    .action((flags: CommonFlags & { from?: string }) =>
      act(flags, async (session) => (await commands()).update(session, flags.from)),
    );
}

function common(command: Command): Command {
  return hardenedHome(diagnostic(command))
    .option('--context <dir>', 'build context of the Dockerfiles')
    .option('--target <stage>', 'the stage that is built')
    .option('--build-arg <name=value>', 'value of an ARG, may be repeated', buildArgument)
    .option('--arbitrary-user', 'what the program writes to is open to any user of group 0 (OpenShift)')
    .option('--tags <file>', 'list of the tags that the organization has beside the public ones, one a line')
    .option('--config <file>', 'a rehull.yaml elsewhere')
    .option('-q, --quiet', 'no report, errors only');
}

function hardenedHome(command: Command): Command {
  return command
    .addOption(new Option('--distro <distro>', 'distribution of the hardened images').choices(['debian', 'alpine']))
    .option('--org <organization>', 'take hardened images from docker.io/<organization>/dhi-<image>')
    .option('--registry <registry>', 'take hardened images from a mirror of dhi.io')
    .option('--catalog <file>', 'a snapshot of the catalog');
}

function diagnostic(command: Command): Command {
  return command.option('--no-color', 'no colours').option('--debug', 'stack traces of errors');
}

function buildArgument(value: string, previous: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const [, name, content] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
  if (name === undefined || content === undefined) throw new InvalidArgumentError('It needs the form NAME=VALUE.');
  return Object.assign(Object.create(null), previous, { [name]: content });
}

function seconds(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > 86_400)
    throw new InvalidArgumentError('It needs a number of seconds from 1 to 86400.');
  return number;
}
