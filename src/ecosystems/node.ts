import {
  type Adaptation,
  type BuildView,
  type Ecosystem,
  nothingToAdapt,
  type Probe,
  type RuntimeWish,
} from './ecosystem.ts';
import { globalPrefix, launch } from './node-launch.ts';
import { nodeDialect } from './node-launcher.ts';
import { globalPackages, packagePrograms, secondLanguage } from './node-programs.ts';
import { finalStage, usesImage, usesProgram } from './recognise.ts';

/** Node.js: package managers stay in the build stage, and `npm start` is looked up. */
export const ecosystem: Ecosystem = {
  name: 'node',
  title: 'Node.js',
  images: ['node'],
  blocked: undefined,
  programs: ['node', 'nodejs', 'npm', 'npx', 'yarn', 'pnpm', ...packagePrograms.keys()],
  recognise: (view) => usesImage(view, ['node']) || usesProgram(view, /^(node|nodejs|npm|npx|yarn|pnpm)$/),
  runtime,
  adapt,
  launch: (argv, view) => launch(argv, view, view.workdir, 0),
  launcher: { dialect: nodeDialect, interpreter: 'node', extension: 'mjs' },
  probe,
};

function runtime(view: BuildView): RuntimeWish | { refusal: string } {
  const other = finalStage(view).hardened === undefined ? secondLanguage(view) : undefined;
  if (other !== undefined)
    return { refusal: `the image holds ${other} beside Node.js, and no hardened image holds both languages` };
  return { image: 'node', version: undefined, flavor: undefined, why: 'the program runs on Node.js' };
}

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

/** Packages installed with `-g` that the container starts: to a prefix of their own, which the runtime stage copies. */
function adapt(view: BuildView): Adaptation {
  const start = view.start === undefined ? undefined : launch(view.start, view, view.workdir, 0);
  const argv = start === undefined || 'refusal' in start ? view.start : start.argv;
  if (argv === undefined || !argv.some((word) => word.startsWith(`${globalPrefix}/`))) return nothingToAdapt;
  const wanted = new Set(globalPackages(view).map(({ name }) => name));
  for (const index of view.chain) {
    for (const item of view.stages[index]!.instructions) {
      const installs = item.commands.some(
        ({ invocation }) =>
          invocation?.where === 'global' &&
          invocation.action === 'install' &&
          invocation.packages.some(({ name }) => wanted.has(name)),
      );
      // a second run finds the prefix set already
      if (!installs || item.variables.get('NPM_CONFIG_PREFIX') === globalPrefix) continue;
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
