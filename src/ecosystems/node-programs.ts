import type { BuildView, CommandView } from './ecosystem.ts';
import { commandsOf, originOf, systemPackages } from './recognise.ts';

/** Programs of packages that people start, and the file that node runs for them; pnpm has no link to it. */
export const packagePrograms: ReadonlyMap<string, string> = new Map([
  ['next', 'next/dist/bin/next'],
  ['nuxt', 'nuxt/bin/nuxt.mjs'],
  ['nuxi', 'nuxi/bin/nuxi.mjs'],
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

/** Programs that start others through a shell, or through npm itself. */
export const shellPrograms: ReadonlySet<string> = new Set([
  'nodemon',
  'concurrently',
  'npm-run-all',
  'npm-run-all2',
  'run-s',
  'run-p',
  'turbo',
  'nx',
  'lerna',
  'cross-env-shell',
  'forever',
]);

/** The package that a program belongs to, as far as its name says. */
export function ownerOf(program: string): string {
  const file = packagePrograms.get(program);
  if (file === undefined) return program;
  return /^((?:@[^/]+\/)?[^/]+)\//.exec(file)![1]!;
}

const managers = /^(npm|pnpm|yarn|corepack|n|bun|node-gyp|turbo|typescript|nx|lerna)$/;

/** Packages that the final image installs with `-g`, the package managers aside, and with what. */
export function globalPackages(view: BuildView): { readonly name: string; readonly manager: string }[] {
  return commandsOf(view, view.chain)
    .filter(({ invocation }) => invocation?.where === 'global' && invocation.action === 'install')
    .flatMap(({ invocation }) => invocation!.packages.map(({ name }) => ({ name, manager: invocation!.manager })))
    .filter(({ name }) => !managers.test(name));
}

/** The global package that brings a program: by its name, or because there is no other. */
export function globalOwner(
  view: BuildView,
  program: string,
): { readonly name: string; readonly manager: string } | undefined {
  const all = globalPackages(view);
  const owner = ownerOf(program);
  return (
    all.find(({ name }) => name === owner || name === program) ??
    all.find(
      ({ name }) => name.replace(/^@([^/]+)\/.*$/, '$1') === program || name.replace(/^.*\//, '') === `${program}-cli`,
    ) ??
    (all.length === 1 && !packagePrograms.has(program) ? all[0] : undefined)
  );
}

const compilers = /^(make|g\+\+|gcc|build-essential|build-base|alpine-sdk)$/;
const python =
  /^(python[23]?|python[23]?-dev|python3-minimal|python-is-python3|python3\.\d+|py3-setuptools|python3-setuptools|python3-pip|py3-pip)$/;
const otherLanguages = /^(php[\d.]*(-(cli|fpm))?|ruby[\d.]*|python2(\.7)?|python2-\w+)$/;
const interpreter = /^(python3?|python3-minimal|python-is-python3|python3\.\d+)$/;

/** Whether a system package is there for node-gyp alone: python beside a compiler. `hasCompiler`: the source image has one. */
export function isForNodeGyp(name: string, installed: ReadonlySet<string>, hasCompiler: boolean): boolean {
  if (compilers.test(name)) return true;
  return python.test(name) && (hasCompiler || [...installed].some((each) => compilers.test(each)));
}

const apart = 'give the other language a container of its own';
const environmentHere =
  'install python3 in the final stage and make the virtual environment there (`python3 -m venv`), so that both are carried over together; or give Python a container of its own';

/** What other language the final image has and cannot keep, one clause; undefined where it holds none, or can. */
export function secondLanguage(view: BuildView): { readonly what: string; readonly nearest: string } | undefined {
  const other = [...systemPackages(view, view.chain)].find((name) => otherLanguages.test(name));
  if (other !== undefined) return { what: `${other} beside Node.js`, nearest: apart };
  const environment = view.environment.get('VIRTUAL_ENV');
  const origin = typeof environment === 'string' ? originOf(view, environment) : undefined;
  if (origin !== undefined && !view.chain.includes(origin.stage.index))
    return { what: 'a Python environment of another stage beside Node.js', nearest: environmentHere };
  return runtimePython(view).length > 0 && commandsOf(view, view.chain).some(installsIntoSystem)
    ? { what: "packages that pip installs into the system's Python beside Node.js", nearest: environmentHere }
    : undefined;
}

/** Packages of the final image that bring a Python which is there to run. */
export function runtimePython(view: BuildView): string[] {
  const installed = systemPackages(view, view.chain);
  const hasCompiler = view.stages[view.chain[0]!]!.source?.brings.tools.includes('gcc') === true;
  return [...installed].filter((name) => interpreter.test(name) && !isForNodeGyp(name, installed, hasCompiler));
}

/** Whether a call of pip installs elsewhere than into a virtual environment. */
function installsIntoSystem({ invocation, argv, command }: CommandView): boolean {
  if (invocation?.manager !== 'pip' || !/^(install|restore)$/.test(invocation.action)) return false;
  const program = command.words[0]?.raw ?? argv[0] ?? '';
  return !program.includes('/') && invocation.where === 'default';
}
