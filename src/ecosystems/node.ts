import { toExec } from '../shell/exec-form.ts';
import { parseShell } from '../shell/parse.ts';
import {
  type Adaptation,
  type BuildView,
  type Ecosystem,
  type Launch,
  type LaunchRefusal,
  nothingToAdapt,
  type Probe,
} from './ecosystem.ts';
import { programOf, usesImage, usesProgram } from './recognise.ts';

const managers = new Set(['npm', 'npx', 'yarn', 'pnpm', 'pnpx', 'bunx']);
/** programs of packages that people start, and the file that node runs for them; `.bin` holds a shell script under pnpm */
const packageBins: ReadonlyMap<string, string> = new Map([
  ['next', 'next/dist/bin/next'],
  ['nuxt', 'nuxt/bin/nuxt.mjs'],
  ['vite', 'vite/bin/vite.js'],
  ['nest', '@nestjs/cli/bin/nest.js'],
  ['astro', 'astro/astro.js'],
  ['remix-serve', '@remix-run/serve/dist/cli.js'],
  ['react-router-serve', '@react-router/serve/bin.js'],
  ['serve', 'serve/build/main.js'],
  ['http-server', 'http-server/bin/http-server'],
  ['nodemon', 'nodemon/bin/nodemon.js'],
  ['ts-node', 'ts-node/dist/bin.js'],
  ['tsx', 'tsx/dist/cli.mjs'],
  ['pm2', 'pm2/bin/pm2'],
  ['pm2-runtime', 'pm2/bin/pm2-runtime'],
  ['sirv', 'sirv-cli/bin.js'],
  ['json-server', 'json-server/lib/cli/bin.js'],
]);

/** Node.js: package managers stay in the build stage, and `npm start` is looked up. */
export const ecosystem: Ecosystem = {
  name: 'node',
  title: 'Node.js',
  images: ['node'],
  blocked: undefined,
  programs: ['node', 'nodejs', 'npm', 'npx', 'yarn', 'pnpm', ...packageBins.keys()],
  recognise: (view) => usesImage(view, ['node']) || usesProgram(view, /^(node|nodejs|npm|npx|yarn|pnpm)$/),
  runtime: () => ({ image: 'node', version: undefined, flavor: undefined, why: 'the program runs on Node.js' }),
  adapt,
  launch: (argv, view) => launch(argv, view, 0),
  probe,
};

/** ports that `fetch` refuses to ask (Fetch Standard, "bad port") */
const refusedPorts: ReadonlySet<string> = new Set(
  (
    '0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 ' +
    '135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 ' +
    '995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080'
  ).split(' '),
);

function probe({ url, timeout, failsFrom, followRedirects, insecure }: Probe): readonly string[] | undefined {
  if (refusedPorts.has(new URL(url).port)) return undefined;
  const options: string[] = [];
  if (!followRedirects) options.push("redirect:'manual'");
  if (timeout !== undefined) options.push(`signal:AbortSignal.timeout(${Math.round(timeout * 1000)})`);
  const unchecked = insecure ? 'process.env.NODE_TLS_REJECT_UNAUTHORIZED=0;' : '';
  const target = `'${url.replace(/[\\']/g, '\\$&')}'${options.length > 0 ? `,{${options.join(',')}}` : ''}`;
  const verdict = failsFrom === undefined ? '0' : `r.status<${failsFrom}?0:1`;
  return ['node', '-e', `${unchecked}fetch(${target}).then(r=>process.exit(${verdict}),()=>process.exit(1))`];
}

interface PackageJson {
  readonly name?: string;
  readonly main?: string;
  readonly bin?: string | Record<string, string>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly packageManager?: string;
}

function readPackageJson(view: BuildView): { content: PackageJson; path: string } | undefined {
  for (const path of packagePaths(view)) {
    const text = view.project.read(path);
    if (text === undefined) continue;
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value !== 'object' || value === null) continue;
      const raw = value as { scripts?: unknown; name?: unknown; main?: unknown; packageManager?: unknown };
      const scripts: Record<string, string> = Object.create(null);
      if (typeof raw.scripts === 'object' && raw.scripts !== null)
        for (const [key, script] of Object.entries(raw.scripts)) if (typeof script === 'string') scripts[key] = script;
      return {
        path,
        content: {
          scripts,
          ...(typeof raw.main === 'string' ? { main: raw.main } : {}),
          ...(typeof raw.packageManager === 'string' ? { packageManager: raw.packageManager } : {}),
        },
      };
    } catch {
      /* not JSON: the next candidate may be */
    }
  }
  return undefined;
}

/** The package.json that stands in the working directory at run time, as the COPYs of the build put it there. */
function packagePaths(view: BuildView): string[] {
  const paths: string[] = [];
  for (const stage of [...view.stages].reverse()) {
    for (const { copy } of stage.instructions) {
      if (copy?.from !== undefined || copy === undefined) continue;
      const folder = copy.destination;
      if (folder !== view.workdir && !view.workdir.startsWith(`${folder}/`) && !folder.startsWith(view.workdir))
        continue;
      const below = view.workdir.startsWith(`${folder}/`) ? view.workdir.slice(folder.length + 1) : '';
      for (const source of copy.sources) {
        const clean = source.replace(/^\/+/, '').replace(/\/$/, '');
        if (/(^|\/)package[^/]*\.json$/.test(clean)) paths.push(clean.replace(/package[^/]*\.json$/, 'package.json'));
        else if (!/\.\w+$/.test(clean))
          paths.push([clean === '.' ? '' : clean, below, 'package.json'].filter((part) => part !== '').join('/'));
      }
    }
  }
  return [...new Set([...paths, 'package.json'])];
}

function managerOf(view: BuildView): 'npm' | 'yarn' | 'pnpm' {
  const found = view.stages
    .flatMap((stage) => stage.instructions.flatMap((item) => item.commands.map(({ invocation }) => invocation)))
    .filter(
      (invocation) =>
        invocation !== undefined &&
        (invocation.action === 'restore' || invocation.action === 'install') &&
        invocation.where === 'default',
    );
  const last = found.at(-1)?.manager;
  if (last === 'yarn' || last === 'pnpm') return last;
  return view.project.read('pnpm-lock.yaml') !== undefined ? 'pnpm' : 'npm';
}

function launch(argv: readonly string[], view: BuildView, depth: number): Launch | LaunchRefusal | undefined {
  const program = programOf(argv);
  if (depth > 4) return { refusal: `the script of ${argv.join(' ')} calls itself` };
  if (program === 'nodejs')
    return { argv: ['node', ...argv.slice(1)], environment: [], why: 'the hardened image names the program node' };
  if (managers.has(program)) return throughManager(argv, program, view, depth);
  const inBin = /^(?:\.\/)?node_modules\/\.bin\/([^/]+)$/.exec(argv[0] ?? '');
  if (inBin !== null) return bin(inBin[1]!, argv.slice(1), view, `${argv[0]} needs a shell or env to start`);
  if (packageBins.has(program) && !argv[0]!.includes('/')) return globalOrLocal(program, argv.slice(1), view);
  return undefined;
}

/** A program of a package, as a file that node can run. */
function bin(name: string, rest: readonly string[], view: BuildView, why: string): Launch | LaunchRefusal {
  const file = packageBins.get(name);
  if (managerOf(view) === 'pnpm') {
    if (file === undefined)
      return { refusal: `pnpm starts ${name} through a shell script, and rehull does not know its JavaScript file` };
    return { argv: ['node', `node_modules/${file}`, ...rest], environment: [], why };
  }
  return { argv: ['node', `node_modules/.bin/${name}`, ...rest], environment: [], why };
}

function globalOrLocal(name: string, rest: readonly string[], view: BuildView): Launch | LaunchRefusal {
  if (isGlobal(name, view))
    return {
      argv: ['node', `${globalPrefix}/bin/${name}`, ...rest],
      environment: [],
      why: `${name} starts through #!/usr/bin/env, which the runtime image lacks`,
    };
  return bin(name, rest, view, `${name} is found in node_modules`);
}

const globalPrefix = '/opt/npm';

function isGlobal(name: string, view: BuildView): boolean {
  const owner = packageBins.get(name)?.replace(/^(@[^/]+\/)?([^/]+)\/.*$/, '$1$2') ?? name;
  return view.chain.some((index) =>
    view.stages[index]!.instructions.some((item) =>
      item.commands.some(
        ({ invocation }) =>
          invocation?.where === 'global' &&
          invocation.packages.some((each) => each.name === owner || each.name === name),
      ),
    ),
  );
}

function throughManager(
  argv: readonly string[],
  program: string,
  view: BuildView,
  depth: number,
): Launch | LaunchRefusal {
  let at = 1;
  while (argv[at]?.startsWith('-') && argv[at] !== '--')
    at += /^(--prefix|-C|--dir|--cwd|--loglevel)$/.test(argv[at]!) ? 2 : 1;
  if (argv.slice(1, at).some((flag) => /^(--prefix|-C|--dir|--cwd|-w|--workspace|--filter)/.test(flag)))
    return { refusal: `CMD starts ${program} in another folder or workspace, which has to be resolved by hand` };
  const verb = argv[at];
  if (program === 'npx' || program === 'pnpx' || program === 'bunx' || verb === 'exec' || verb === 'dlx') {
    const target = argv
      .slice(program === 'npx' || program === 'pnpx' || program === 'bunx' ? at : at + 1)
      .filter((word, index) => !(index === 0 && word === '--'));
    if (target[0] === undefined || target[0].startsWith('-'))
      return { refusal: `CMD starts ${argv.join(' ')}, which has to be resolved by hand` };
    return target[0] === 'node'
      ? { argv: target, environment: [], why: `${program} only starts node` }
      : bin(
          target[0].replace(/@[^@/]*$/, ''),
          target.slice(1),
          view,
          `${program} only looks the program up in node_modules`,
        );
  }
  if (verb === undefined) return { refusal: `CMD starts ${program} without a script` };
  const builtIn = new Set(['start', 'test', 'stop', 'restart']);
  const script =
    verb === 'run' || verb === 'run-script' ? argv[at + 1] : program === 'npm' && !builtIn.has(verb) ? undefined : verb;
  if (script === undefined) return { refusal: `CMD starts ${argv.join(' ')}, which needs ${program} at run time` };
  const extra = argv
    .slice(verb === 'run' || verb === 'run-script' ? at + 2 : at + 1)
    .filter((word, index) => !(index === 0 && word === '--'));
  const found = readPackageJson(view);
  if (found === undefined)
    return {
      refusal: `CMD runs \`${argv.join(' ')}\`, and there is no package.json at hand to say what that starts (give the project with --context)`,
    };
  const text = Object.hasOwn(found.content.scripts, script)
    ? found.content.scripts[script]
    : script === 'start'
      ? 'node server.js'
      : undefined;
  if (text === undefined) {
    if (program !== 'npm') return bin(script, extra, view, `${program} only looks the program up in node_modules`);
    return { refusal: `${found.path} has no script ${script}` };
  }
  if (found.content.scripts[`pre${script}`] !== undefined)
    return {
      refusal: `${found.path} runs pre${script} before ${script}, which needs npm at run time`,
      needsShell: true,
    };
  const plain = toExec(parseShell(text), new Map());
  if ('reason' in plain)
    return {
      refusal: `the script ${script} in ${found.path} is \`${text}\`, which needs a shell: it ${plain.reason}`,
      needsShell: true,
    };
  let words = [...plain.argv, ...extra];
  const environment = [...plain.environment];
  if (words[0] === 'cross-env' || words[0] === 'env') {
    words = words.slice(1);
    for (
      let pair = /^([A-Za-z_]\w*)=(.*)$/.exec(words[0] ?? '');
      pair !== null;
      pair = /^([A-Za-z_]\w*)=(.*)$/.exec(words[0] ?? '')
    ) {
      environment.push({ name: pair[1]!, value: pair[2]! });
      words = words.slice(1);
    }
  }
  const why = `\`${argv.join(' ')}\` is \`${text}\` in ${found.path}`;
  if (words[0] === 'node') return { argv: words, environment, why };
  const inner = launch(words, view, depth + 1);
  if (inner !== undefined && 'refusal' in inner) return inner;
  if (inner !== undefined) return { argv: inner.argv, environment: [...environment, ...inner.environment], why };
  if (words[0]?.includes('/'))
    return { refusal: `the script ${script} in ${found.path} is \`${text}\`, which needs a shell`, needsShell: true };
  const real = bin(words[0]!, words.slice(1), view, why);
  return 'refusal' in real ? real : { ...real, environment };
}

/** Packages installed with `-g` that the container starts: to a prefix of their own, which the runtime stage copies. */
function adapt(view: BuildView): Adaptation {
  const start = view.start === undefined ? undefined : launch(view.start, view, 0);
  const argv = start === undefined || 'refusal' in start ? view.start : start.argv;
  if (argv === undefined || !argv.some((word) => word.startsWith(`${globalPrefix}/`))) return nothingToAdapt;
  for (const index of view.chain) {
    for (const item of view.stages[index]!.instructions) {
      if (!item.commands.some(({ invocation }) => invocation?.where === 'global')) continue;
      return {
        ...nothingToAdapt,
        inserts: [
          {
            before: item.instruction,
            text: `ENV NPM_CONFIG_PREFIX=${globalPrefix} PATH="${globalPrefix}/bin:$PATH"`,
            why: 'global packages go to a folder of their own, which the runtime stage can copy',
          },
        ],
        artifacts: [{ stage: index, path: globalPrefix, why: 'the global packages that the start command runs' }],
      };
    }
  }
  return nothingToAdapt;
}
