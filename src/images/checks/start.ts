import { posix } from 'node:path';
import { reaches } from '../accounts.ts';
import { type Execution, execute, lookUp, type Process, type Step } from '../execute.ts';
import { type ImageContext, ownership, userName } from '../image-context.ts';
import type { ImageFinding } from '../image-finding.ts';
import { type StartedProgram, startedPrograms, startFile } from '../started-programs.ts';

/** What starts when a container does, and what checks its health. */
export interface Start {
  /** ENTRYPOINT and CMD as one */
  readonly argv: readonly string[];
  /** the files that are executed in turn, up to the binary; of the first program alone */
  readonly steps: readonly Step[];
  /** the binaries that run, as far as they are known; that of the first program first */
  readonly processes: readonly Process[];
  readonly findings: readonly ImageFinding[];
}

/** Says whether the start command of an image starts. */
export function checkStart(context: ImageContext): Start {
  const { entrypoint, cmd } = context.config;
  const argv = [...entrypoint, ...cmd];
  if (argv.length === 0) {
    const finding: ImageFinding = {
      rule: 'no-start-command',
      severity: 'review',
      path: undefined,
      layer: undefined,
      message: 'the image has neither ENTRYPOINT nor CMD: a container needs a command to start',
      why: undefined,
      fix: 'set ENTRYPOINT or CMD, unless the image is only a base for others',
    };
    return { argv, steps: [], processes: [], findings: [finding] };
  }
  const started = checkCommand(argv, entrypoint.length > 0 ? 'ENTRYPOINT' : 'CMD', context);
  // the usual entrypoint script ends with exec "$@"
  const handed = entrypoint.length > 0 && started.isScript ? cmd[0] : undefined;
  if (handed === undefined || handed.startsWith('-') || lookUp(handed, context) === undefined) {
    return { argv, ...started };
  }
  const command = checkCommand(cmd, 'CMD', context);
  return {
    argv,
    steps: started.steps,
    processes: [...started.processes, ...command.processes],
    findings: [...started.findings, ...command.findings],
  };
}

/** Says whether the health check can run. */
export function checkHealth(context: ImageContext): Omit<Start, 'steps'> | undefined {
  const [kind, ...words] = context.config.healthCheck ?? [];
  if (kind === undefined || kind === 'NONE') return undefined;
  const argv = kind === 'CMD-SHELL' ? [...context.config.shell, ...words] : kind === 'CMD' ? words : [kind, ...words];
  const { processes, findings } = checkCommand(argv, 'HEALTHCHECK', context);
  return {
    argv,
    processes,
    findings: findings.map((finding) =>
      finding.rule === 'program-not-found'
        ? {
            ...finding,
            rule: 'health-check-program',
            fix: 'check with a program that the image has, or leave the check to the orchestrator',
          }
        : finding,
    ),
  };
}

interface Checked {
  readonly steps: readonly Step[];
  readonly processes: readonly Process[];
  readonly findings: readonly ImageFinding[];
  /** the first program is interpreted */
  readonly isScript: boolean;
}

const shellName = /^(?:ba|da|a|k|z|mk)?sh$/;

function checkCommand(argv: readonly string[], what: string, context: ImageContext): Checked {
  const [name = '', flag] = argv;
  const isShellForm = shellName.test(posix.basename(name)) && flag === '-c';
  if (isShellForm && lookUp(name, context) === undefined) {
    return {
      steps: [],
      processes: [],
      isScript: false,
      findings: [
        {
          rule: 'shell-form-without-shell',
          severity: 'error',
          path: undefined,
          layer: undefined,
          message: `${what} is in shell form, and the image has no ${name}`,
          why: `it runs ${JSON.stringify(argv[2] ?? '')} through ${name} -c`,
          fix: 'write it in exec form, with a program that the image has',
        },
      ],
    };
  }
  const first = execute(name, what, context);
  const all: Execution[] = [first];
  const findings = [
    ...first.findings,
    ...fileFindings({ name, words: argv.slice(1), elsewhere: false }, what, context),
  ];
  if (first.findings.length === 0) {
    for (const program of startedPrograms(argv)) {
      if (program.name === name) continue;
      if (program.elsewhere && lookUp(program.name, context) === undefined) continue;
      const execution = execute(program.name, what, context);
      all.push(execution);
      findings.push(...execution.findings);
      if (execution.findings.length === 0) findings.push(...fileFindings(program, what, context));
    }
  }
  return {
    steps: first.steps,
    processes: all.flatMap(({ process }) => process ?? []),
    findings,
    isScript: first.steps.length > 1,
  };
}

/** The script or archive that an interpreter is told to run: there, and readable. */
function fileFindings(program: StartedProgram, what: string, context: ImageContext): ImageFinding[] {
  const { config, tree, user } = context;
  const candidates = program.elsewhere ? undefined : startFile(program.name, program.words);
  if (candidates === undefined) return [];
  const places = candidates.map((name) => posix.resolve('/', config.workdir, name));
  // what a volume brings is not in the image
  if (config.volumes.some((volume) => places.some((place) => `${place}/`.startsWith(`${volume}/`)))) return [];
  const found = places.map((place) => tree.find(place)).find((one) => one !== undefined);
  if (found === undefined) {
    return [
      {
        rule: 'start-file-missing',
        severity: 'error',
        path: places[0],
        layer: undefined,
        message: `${what} runs ${program.name} with ${places[0]}, which is not in the image`,
        why: candidates[0]?.startsWith('/') ? undefined : `the working directory is ${config.workdir}`,
        fix: 'copy it there, or correct the path or WORKDIR',
      },
    ];
  }
  if (reaches(user, found, 'read')) return [];
  return [
    {
      rule: 'start-file-missing',
      severity: 'error',
      path: found.path,
      layer: found.entry.layer,
      message: `${userName(user)} may not read ${found.path}, which ${what} runs`,
      why: ownership(found.entry),
      fix: 'copy it with --chown or --chmod, so that the user of the image may read it',
    },
  ];
}
