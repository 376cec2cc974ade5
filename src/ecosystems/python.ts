import type { Invocation } from '../package-managers/package-manager.ts';
import type { Word } from '../shell/tree.ts';
import type { Edit } from '../text/edit.ts';
import type {
  Adaptation,
  BuildView,
  Ecosystem,
  InstructionView,
  Launch,
  LaunchRefusal,
  Probe,
  StageView,
} from './ecosystem.ts';
import { programOf, usesImage, usesProgram } from './recognise.ts';

const installers = new Set(['pip', 'uv', 'poetry', 'pipenv', 'pdm']);
const servers = [
  'gunicorn',
  'uvicorn',
  'hypercorn',
  'daphne',
  'celery',
  'flask',
  'django-admin',
  'streamlit',
  'waitress-serve',
  'fastapi',
  'granian',
  'jupyter',
  'dagster',
  'airflow',
  'mlflow',
  'chainlit',
  'gradio',
  'sanic',
  'scrapy',
  'alembic',
  'rq',
  'uwsgi',
];
/** where packages of the source image's own interpreter land; the hardened interpreter looks elsewhere */
const foreignLibrary =
  /^\/usr\/local(\/lib(\/python3?(\.\d+)?(\/(site|dist)-packages)?)?)?$|^\/usr\/lib\/python3(\.\d+)?(\/(site|dist)-packages)?$|^\/usr\/local\/lib\/python3\.\d+\/(site|dist)-packages\//;
const userBase = /^\/(root|home\/[^/]+)\/\.local(\/|$)/;

/** Python: packages live in a virtual environment that both stages hold at one path. */
export const ecosystem: Ecosystem = {
  name: 'python',
  title: 'Python',
  images: ['python', 'uv', 'pytorch'],
  blocked: undefined,
  programs: ['python', 'python3', 'uv', 'poetry', 'pipenv', ...servers],
  recognise: (view) =>
    usesImage(view, ['python']) ||
    usesProgram(view, /^(python[\d.]*|uv|poetry|pipenv)$/) ||
    usesProgram(view, new RegExp(`^(${servers.join('|')})$`)),
  runtime: () => ({ image: 'python', version: undefined, flavor: undefined, why: 'the program runs on Python' }),
  adapt,
  launch,
  expand: (argv) => [
    'python3',
    '-c',
    'import os, sys; a = [os.path.expandvars(x) for x in sys.argv[1:]]; os.execvp(a[0], a)',
    ...argv,
  ],
  probe,
};

/** urlopen follows redirects and raises from 400; without either, http.client asks once and judges nothing. */
function probe({ url, timeout, failsFrom, followRedirects, insecure }: Probe): readonly string[] {
  const wait = timeout === undefined ? '' : `, timeout=${timeout}`;
  const context = insecure ? ', context=ssl._create_unverified_context()' : '';
  const modules = insecure ? ', ssl' : '';
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
  if (followRedirects) {
    const ask = `urllib.request.urlopen(${quoted(url)}${wait}${context})`;
    if (failsFrom === 400) return ['python3', '-c', `import urllib.request${modules}; ${ask}`];
    return [
      'python3',
      '-c',
      `import urllib.request, urllib.error${modules}\ntry: ${ask}\nexcept urllib.error.HTTPError: pass`,
    ];
  }
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const [kind, usual] = protocol === 'https:' ? ['HTTPSConnection', 443] : ['HTTPConnection', 80];
  const host = quoted(hostname.replace(/^\[(.*)\]$/, '$1'));
  const connect = `c = http.client.${kind}(${host}, ${port || usual}${wait}${kind === 'HTTPSConnection' ? context : ''})`;
  const ask = `c.request('GET', ${quoted(pathname + search)})`;
  if (failsFrom === undefined)
    return ['python3', '-c', `import http.client${modules}; ${connect}; ${ask}; c.getresponse()`];
  return [
    'python3',
    '-c',
    `import sys, http.client${modules}; ${connect}; ${ask}; sys.exit(c.getresponse().status >= ${failsFrom})`,
  ];
}

/** `uv run`, `poetry run`, `pipenv run`: the virtual environment is on PATH, so the program starts without them. */
function launch(argv: readonly string[], view: BuildView): Launch | LaunchRefusal | undefined {
  const program = programOf(argv);
  const ofImage = /^\/usr(?:\/local)?\/bin\/(python3?(?:\.\d+)?|[a-z][\w.-]*)$/.exec(argv[0] ?? '');
  if (ofImage !== null && (/^python/.test(ofImage[1]!) || servers.includes(ofImage[1]!))) {
    const name = /^python/.test(ofImage[1]!) ? 'python3' : ofImage[1]!;
    return {
      argv: [name, ...argv.slice(1)],
      environment: [],
      why: `${argv[0]} is where the source image has it; PATH finds it in the hardened one`,
    };
  }
  if (program !== 'uv' && program !== 'poetry' && program !== 'pipenv' && program !== 'pdm') return undefined;
  if (argv[1] !== 'run') return { refusal: `CMD starts ${program} itself, which the runtime image does not have` };
  let at = 2;
  const valued = new Set([
    '--directory',
    '--project',
    '--python',
    '-p',
    '--env-file',
    '--extra',
    '--group',
    '--with',
    '--no-group',
  ]);
  while (argv[at]?.startsWith('-')) {
    const flag = argv[at]!;
    if (flag === '--') {
      at++;
      break;
    }
    if (flag === '-m' || flag === '--module') return start(['python3', '-m', ...argv.slice(at + 1)]);
    if (flag === '--with' || flag === '--env-file')
      return { refusal: `CMD uses ${program} run ${flag}, which only ${program} can do` };
    at += valued.has(flag) ? 2 : 1;
  }
  const rest = argv.slice(at);
  if (rest[0] === undefined) return { refusal: `CMD starts ${program} run without a program` };
  if (projectEnvironment(view, program) === undefined)
    return {
      refusal: `CMD runs \`${program} run\`, which would install at start, and no RUN installs the packages; add \`RUN ${program} ${program === 'uv' ? 'sync --frozen' : 'install'}\``,
    };
  if (
    program === 'poetry' &&
    view.project.read('pyproject.toml') === undefined &&
    !/^(python[\d.]*)$/.test(rest[0]) &&
    !servers.includes(rest[0])
  ) {
    return { refusal: `CMD runs the poetry script ${rest[0]}, and no pyproject.toml says what that is` };
  }
  return start(rest[0].endsWith('.py') ? ['python3', ...rest] : rest);

  function start(real: string[]): Launch {
    return { argv: real, environment: [], why: `${program} run only enters the virtual environment, which is on PATH` };
  }
}

/** Where `uv sync`, `poetry install` and their like put their virtual environment; 'system' for the interpreter of the image. */
function projectEnvironment(
  view: BuildView,
  program: string,
): { path: string; item: InstructionView; stage: number; inCache: boolean } | 'system' | undefined {
  for (const stage of [...view.stages].reverse()) {
    for (const item of [...stage.instructions].reverse()) {
      for (const { invocation, workdir } of item.commands) {
        if (invocation === undefined || (invocation.action !== 'restore' && invocation.action !== 'install')) continue;
        if (program === 'uv' && invocation.manager === 'uv' && invocation.action === 'restore')
          return {
            path: item.variables.get('UV_PROJECT_ENVIRONMENT') ?? absolute(workdir, '.venv'),
            item,
            stage: stage.index,
            inCache: false,
          };
        if (invocation.manager === program && program !== 'uv') {
          if (program === 'poetry' && poetryInstallsIntoSystem(item)) return 'system';
          if (program === 'pipenv' && invocation.command.words.some((word) => word.value === '--system'))
            return 'system';
          const inProject =
            /^(1|true)$/i.test(
              item.variables.get('POETRY_VIRTUALENVS_IN_PROJECT') ?? item.variables.get('PIPENV_VENV_IN_PROJECT') ?? '',
            ) ||
            item.commands.some(({ argv }) => argv.includes('virtualenvs.in-project')) ||
            program === 'pdm';
          return { path: absolute(workdir, '.venv'), item, stage: stage.index, inCache: !inProject };
        }
        if (program === 'uv' && invocation.manager === 'uv') return 'system';
        if (invocation.manager === 'pip') return 'system';
      }
    }
  }
  return undefined;
}

interface Environment {
  readonly stage: StageView;
  /** the first instruction that installs into it */
  readonly first: InstructionView;
  readonly path: string;
}

function adapt(view: BuildView): Adaptation {
  const out = {
    inserts: [] as Adaptation['inserts'][number][],
    edits: [] as Adaptation['edits'][number][],
    drops: [] as Adaptation['drops'][number][],
    artifacts: [] as Adaptation['artifacts'][number][],
    environment: [] as Adaptation['environment'][number][],
    problems: [] as Adaptation['problems'][number][],
  };
  const onPath = new Set<string>();
  const carriers = carryingStages(view);
  const path = freePath(view);
  for (const stage of view.stages) {
    const own = environmentsOf(stage);
    for (const { created } of own) if (carriers.has(stage.index)) onPath.add(created);
    if (!carriers.has(stage.index)) continue;
    const installs = stage.instructions.flatMap((item) =>
      item.commands.flatMap((command) =>
        installsHere(command.invocation) ? [{ item, invocation: command.invocation! }] : [],
      ),
    );
    if (installs.length === 0) continue;
    for (const { item, invocation } of installs) {
      if (invocation.manager === 'pipenv' && invocation.command.words.some((word) => word.value === '--system')) {
        out.problems.push({
          instruction: item.instruction,
          message: 'pipenv install --system writes into the interpreter of the image',
          why: 'the hardened interpreter lives elsewhere; use a virtual environment (pipenv sync with PIPENV_VENV_IN_PROJECT=1) instead',
        });
      }
    }
    const wantsNew = installs.filter(
      ({ item, invocation }) =>
        !usesOwnEnvironment(
          invocation,
          item,
          own.map((x) => x.created),
        ),
    );
    if (wantsNew.length === 0) continue;
    const environment: Environment = { stage, first: wantsNew[0]!.item, path };
    insertEnvironment(environment, out.inserts);
    const edits = new Map<InstructionView, Edit[]>();
    for (const { item, invocation } of wantsNew) {
      const list = edits.get(item) ?? [];
      list.push(...withoutForeignTarget(invocation));
      edits.set(item, list);
    }
    for (const [item, list] of edits) {
      if (list.length > 0)
        out.edits.push({
          instruction: item.instruction,
          edits: list,
          why: `packages go into the virtual environment ${path}`,
        });
    }
    out.artifacts.push({ stage: stage.index, path, why: 'the virtual environment with the installed packages' });
    out.environment.push({
      name: 'PATH',
      value: `${path}/bin:$PATH`,
      why: 'programs and packages of the virtual environment',
    });
    dropForeignCopies(
      view,
      stage.index,
      wantsNew.map(({ invocation }) => invocation),
      out.drops,
    );
  }
  adaptProjectEnvironment(view, out);
  return { ...out, environment: uniqueByName(out.environment) };
}

function uniqueByName(list: readonly Adaptation['environment'][number][]): Adaptation['environment'] {
  return [...new Map(list.map((entry) => [entry.name, entry])).values()];
}

/** Stages whose installed packages the final image holds: its own chain, and those it copies an interpreter's packages from. */
function carryingStages(view: BuildView): Set<number> {
  const carriers = new Set<number>(view.chain);
  const wheels = new Set<number>();
  for (const index of view.chain) {
    for (const { copy } of view.stages[index]!.instructions) {
      if (typeof copy?.from !== 'number') continue;
      if (copy.sources.some((source) => isForeign(source) || isPrefix(view.stages[copy.from as number]!, source)))
        addChain(view, copy.from, carriers);
      else wheels.add(copy.from);
    }
  }
  return carriers;
}

function addChain(view: BuildView, index: number, into: Set<number>): void {
  for (let at: number | undefined = index; at !== undefined; at = view.stages[at]!.parent) into.add(at);
}

function isForeign(path: string): boolean {
  return foreignLibrary.test(path) || userBase.test(`${path}/`) || path === '/usr/local/bin';
}

/** `pip install --prefix=/install` in a builder */
function isPrefix(stage: StageView, path: string): boolean {
  return stage.instructions.some((item) =>
    item.commands.some(
      ({ invocation }) =>
        invocation?.where === 'directory' &&
        invocation.directory !== undefined &&
        prefixFlag(invocation) !== undefined &&
        (path === invocation.directory || path.startsWith(`${invocation.directory}/`)),
    ),
  );
}

function installsHere(invocation: Invocation | undefined): boolean {
  if (invocation === undefined || !installers.has(invocation.manager)) return false;
  if (invocation.action !== 'install' && invocation.action !== 'restore') return false;
  return !(invocation.where === 'directory' && prefixFlag(invocation) === undefined);
}

/** Virtual environments that a stage makes itself. */
function environmentsOf(stage: StageView): { created: string }[] {
  return stage.instructions.flatMap((item) =>
    item.commands.flatMap(({ argv, program, workdir, invocation }) => {
      const words = argv.filter((word): word is string => word !== undefined);
      if (
        program !== undefined &&
        /^python[\d.]*$/.test(program) &&
        words[1] === '-m' &&
        (words[2] === 'venv' || words[2] === 'virtualenv')
      )
        return [{ created: absolute(workdir, words.at(-1)!) }];
      if (program === 'virtualenv') return [{ created: absolute(workdir, words.at(-1)!) }];
      if (program === 'uv' && words[1] === 'venv')
        return [{ created: absolute(workdir, words.slice(2).find((word) => !word.startsWith('-')) ?? '.venv') }];
      if (invocation?.manager === 'uv' && invocation.action === 'restore')
        return [{ created: item.variables.get('UV_PROJECT_ENVIRONMENT') ?? absolute(workdir, '.venv') }];
      return [];
    }),
  );
}

/** Whether an install goes into a virtual environment that the file makes itself. */
function usesOwnEnvironment(invocation: Invocation, item: InstructionView, created: readonly string[]): boolean {
  if (invocation.manager === 'uv' && invocation.action === 'restore') return true;
  if ((invocation.manager === 'poetry' || invocation.manager === 'pdm') && !poetryInstallsIntoSystem(item)) return true;
  if (created.length === 0) return false;
  const program = invocation.command.words[0]?.value ?? '';
  if (created.some((path) => program.startsWith(`${path}/`))) return true;
  const path = item.variables.get('PATH') ?? '';
  const active = item.variables.get('VIRTUAL_ENV');
  if (created.some((each) => path.split(':')[0] === `${each}/bin` || active === each)) return true;
  return item.commands.some(
    ({ argv }) =>
      (argv[0] === '.' || argv[0] === 'source') &&
      created.some((each) => argv[1]?.endsWith(`${each}/bin/activate`) || argv[1]?.endsWith('bin/activate')),
  );
}

function poetryInstallsIntoSystem(item: InstructionView): boolean {
  if (
    item.variables.get('POETRY_VIRTUALENVS_CREATE')?.toLowerCase() === 'false' ||
    item.variables.get('POETRY_VIRTUALENVS_CREATE') === '0'
  )
    return true;
  return item.commands.some(({ argv }) => argv.includes('virtualenvs.create') && argv.includes('false'));
}

function insertEnvironment({ first, path }: Environment, inserts: Adaptation['inserts'][number][]): void {
  inserts.push({
    before: first.instruction,
    text: `RUN python3 -m venv ${path}`,
    why: 'a virtual environment is the same path for both stages, whatever the interpreter of the image',
  });
  inserts.push({
    before: first.instruction,
    text: `ENV PATH="${path}/bin:$PATH" VIRTUAL_ENV=${path}`,
    why: 'pip and the programs it installs are those of the virtual environment',
  });
}

/** `--user`, `--prefix=…`, `--system`, `--root-user-action` have no place in a virtual environment. */
function withoutForeignTarget(invocation: Invocation): Edit[] {
  const edits: Edit[] = [];
  const words = invocation.command.words;
  words.forEach((word, index) => {
    const value = word.value ?? '';
    const previous = words[index - 1];
    if (previous === undefined) return;
    if (value === '--user' || value === '--system' || value.startsWith('--prefix=')) edits.push(cut(previous, word));
    else if (value === '--prefix' && words[index + 1] !== undefined) edits.push(cut(previous, words[index + 1]!));
  });
  return edits;
}

function cut(after: Word, last: Word): Edit {
  return { range: { start: after.range.end, end: last.range.end }, text: '' };
}

function prefixFlag(invocation: Invocation): Word | undefined {
  return invocation.command.words.find((word) => word.raw === '--prefix' || word.raw.startsWith('--prefix='));
}

/** A start through `poetry run` or `uv run` found its virtual environment by itself; without it, PATH has to. */
function adaptProjectEnvironment(
  view: BuildView,
  out: { inserts: Adaptation['inserts'][number][]; environment: Adaptation['environment'][number][] },
): void {
  const program = view.start === undefined ? '' : programOf(view.start);
  if (!/^(uv|poetry|pipenv|pdm)$/.test(program) || view.start![1] !== 'run') return;
  const found = projectEnvironment(view, program);
  if (found === undefined || found === 'system') return;
  if (found.inCache) {
    const name = program === 'poetry' ? 'POETRY_VIRTUALENVS_IN_PROJECT' : 'PIPENV_VENV_IN_PROJECT';
    out.inserts.push({
      before: found.item.instruction,
      text: `ENV ${name}=1`,
      why: `${program} keeps its virtual environment in the project, where the runtime stage can copy it`,
    });
  }
  const path = view.environment.get('PATH') ?? '';
  if (!path.split(':').includes(`${found.path}/bin`))
    out.environment.push({
      name: 'PATH',
      value: `${found.path}/bin:$PATH`,
      why: 'programs and packages of the virtual environment',
    });
}

/** Copies of an interpreter's own folders into the final image: the virtual environment replaces them. */
function dropForeignCopies(
  view: BuildView,
  from: number | undefined,
  installs: readonly Invocation[],
  drops: Adaptation['drops'][number][],
): void {
  if (from === undefined) return;
  const prefixes = installs.flatMap((invocation) => (invocation.directory === undefined ? [] : [invocation.directory]));
  for (const index of view.chain) {
    for (const { copy, instruction } of view.stages[index]!.instructions) {
      if (typeof copy?.from !== 'number' || !chainHolds(view, copy.from, from)) continue;
      const foreign = copy.sources.every(
        (source) =>
          isForeign(source) || prefixes.some((prefix) => source === prefix || source.startsWith(`${prefix}/`)),
      );
      if (foreign && !drops.some((drop) => drop.instruction === instruction)) {
        drops.push({
          instruction,
          why: 'the virtual environment holds these packages; the hardened interpreter does not look there',
        });
      }
    }
  }
}

function chainHolds(view: BuildView, index: number, wanted: number): boolean {
  for (let at: number | undefined = index; at !== undefined; at = view.stages[at]!.parent)
    if (at === wanted) return true;
  return false;
}

/** `/opt/venv`, or the next free name where the file uses that for something else. */
function freePath(view: BuildView): string {
  const used = (path: string): boolean =>
    view.stages.some((stage) =>
      stage.instructions.some(
        ({ copy, commands }) => copy?.destination === path || commands.some(({ argv }) => argv.includes(path)),
      ),
    );
  for (const path of ['/opt/venv', '/opt/python-venv']) if (!used(path)) return path;
  return '/opt/rehull-venv';
}

function absolute(workdir: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${workdir}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
