import { readOptions } from '../shell/options.ts';
import type { Word } from '../shell/tree.ts';
import { leavesDevelopmentOut, nodePackages, scriptWords } from './node-packages.ts';
import type { Invocation, PackageManager } from './package-manager.ts';
import { intoDirectory, invocation, readPackages, setOf } from './subcommands.ts';

const yarnIdentity = { name: 'yarn', scope: 'language' } as const;

const yarnValues = setOf(
  '--cwd --cache-folder --modules-folder --registry --network-timeout --network-concurrency --mutex --prefix ' +
    '--global-folder --preferred-cache-folder --use-yarnrc --otp --link-folder --link-duplicates --use-manifest --mode ' +
    '--from --include --exclude -j --jobs',
);

const yarnFiles = ['package.json', 'yarn.lock'];

const yarnActions = new Map<string, Invocation['action']>([
  ['install', 'restore'],
  ['add', 'install'],
  ['remove', 'remove'],
  ['up', 'upgrade'],
  ['upgrade', 'upgrade'],
  ['run', 'run'],
  ['exec', 'run'],
  ['node', 'run'],
  ['dlx', 'run'],
  ['create', 'run'],
  ['cache', 'clean'],
  ['autoclean', 'clean'],
  ['config', 'configure'],
  ['set', 'configure'],
  ['plugin', 'configure'],
  ['policies', 'configure'],
  ['link', 'configure'],
  ['init', 'configure'],
  ['import', 'configure'],
  ['pack', 'build'],
  ['rebuild', 'build'],
  ['list', 'query'],
  ['info', 'query'],
  ['why', 'query'],
  ['audit', 'query'],
  ['outdated', 'query'],
  ['bin', 'query'],
  ['help', 'query'],
  ['versions', 'query'],
  ['npm', 'other'],
  ['workspaces', 'other'],
  ['workspace', 'other'],
  ['publish', 'other'],
  ['dedupe', 'other'],
  ['patch', 'other'],
  ['version', 'other'],
]);

function read(words: readonly Word[], command: Invocation['command'], workspace: boolean): Invocation {
  const before = readOptions(words, { values: yarnValues, stopAtOperand: true });
  const [first, ...rest] = before.operands;
  const known = first === undefined ? 'restore' : yarnActions.get(first.value ?? '');
  if (!workspace && first?.value === 'workspace' && rest.length > 1) return read(rest.slice(1), command, true);
  const global = first?.value === 'global';
  // What is no command of yarn's own is a script of package.json or a program of a package.
  const action = global ? (rest[0]?.value === 'add' ? 'install' : 'other') : (known ?? 'run');
  const runs = action === 'run' || first?.value === 'workspaces';
  const script = known === undefined && action === 'run';
  const own = script ? [] : global ? rest.slice(1) : rest;
  const after = readOptions(own, { values: yarnValues, stopAtOperand: runs });
  const options = [...before.options, ...after.options];
  const details: Partial<Invocation> = {
    ...intoDirectory(options, '--cwd'),
    ...(global ? { where: 'global' } : {}),
    production: leavesDevelopmentOut(options),
  };
  const call = { options, command };
  if (first?.value === 'workspaces') {
    const focus = readOptions(after.operands.slice(1), { values: yarnValues });
    const all = [...options, ...focus.options];
    if (after.operands[0]?.value === 'focus') {
      const production = leavesDevelopmentOut(all);
      return invocation(
        yarnIdentity,
        'restore',
        { ...call, options: all },
        { ...details, files: yarnFiles, production },
      );
    }
    const at = after.operands.findIndex((word) => word.value === 'run');
    const program = at === -1 ? [] : after.operands.slice(at + 1);
    return invocation(yarnIdentity, at === -1 ? 'other' : 'run', call, { ...details, program });
  }
  switch (action) {
    case 'restore':
      return invocation(yarnIdentity, action, call, { ...details, files: yarnFiles });
    case 'install':
    case 'remove':
      return invocation(yarnIdentity, action, call, { ...details, ...readPackages(after.operands, nodePackages) });
    case 'run': {
      const program = scriptWords(script ? [first!, ...rest] : after.operands);
      return invocation(yarnIdentity, action, call, { ...details, program });
    }
    default:
      return invocation(yarnIdentity, action, call, details);
  }
}

/** Yarn, classic and modern. */
export const yarn: PackageManager = {
  name: 'yarn',
  programs: ['yarn', 'yarnpkg'],
  read: (words, command) => {
    const rest = words.slice(1);
    if (rest[0]?.value === '--version' || rest[0]?.value === '-v') {
      return invocation(yarnIdentity, 'query', { options: [], command }, {});
    }
    return read(rest, command, false);
  },
};
