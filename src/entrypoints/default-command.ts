import { type Action, allActions, asksFor, asksForArguments, type Program } from './program.ts';

/**
 * A script that ends in `exec "$@"`, with a CMD of shell form as what it starts where it is given nothing. The shell of
 * such a CMD is a process of its own and sees only what the script exports. Undefined where the script also asks what it
 * is given, or the two share a variable.
 */
export function withDefaultCommand(script: Program, command: Program): Program | undefined {
  const isPassingOn = (action: Action): boolean =>
    action.kind === 'exec' && action.call.words.length === 1 && passesAll(action);
  const all = [...allActions(script.actions)];
  if (!all.some(isPassingOn) || all.some((action) => !isPassingOn(action) && asksForArguments(shallow(action))))
    return undefined;
  const own = all.flatMap((action) => (action.kind === 'set' || action.kind === 'each' ? [action.name] : []));
  if (own.some((name) => !script.exported.has(name) && asksFor(command.actions, name, () => true))) return undefined;
  const sets = [...allActions(command.actions)].flatMap((action) => (action.kind === 'set' ? [action.name] : []));
  // what the command sets has one place
  if (sets.length > 0 && (all.filter(isPassingOn).length > 1 || sets.some((name) => own.includes(name))))
    return undefined;
  const given: Action = { kind: 'exec', call: { words: [{ kind: 'rest', from: 0 }], environment: [], quiet: false } };
  const start: Action = {
    kind: 'if',
    branches: [
      {
        condition: {
          kind: 'number',
          operator: '>',
          left: [{ kind: 'argument-count' }],
          right: [{ kind: 'text', text: '0' }],
        },
        actions: [given],
      },
    ],
    otherwise: [],
  };
  const replaced = (actions: readonly Action[]): Action[] =>
    actions.flatMap((action): Action[] => {
      if (isPassingOn(action)) return [start, ...command.actions];
      switch (action.kind) {
        case 'if':
          return [
            {
              ...action,
              branches: action.branches.map((branch) => ({ ...branch, actions: replaced(branch.actions) })),
              otherwise: replaced(action.otherwise),
            },
          ];
        case 'until':
        case 'each':
        case 'forever':
          return [{ ...action, actions: replaced(action.actions) }];
        default:
          return [action];
      }
    });
  return {
    actions: replaced(script.actions),
    exported: new Set([...script.exported, ...command.exported]),
    asRoot: script.asRoot || command.asRoot,
  };
}

function passesAll(action: Extract<Action, { kind: 'exec' }>): boolean {
  const [word] = action.call.words;
  return word?.kind === 'rest' && word.from === 0 && action.call.environment.length === 0 && !action.call.quiet;
}

/** An action without the actions in it, which are looked at by themselves. */
function shallow(action: Action): unknown {
  if (action.kind === 'if') return action.branches.map(({ condition }) => condition);
  return 'actions' in action ? { ...action, actions: [] } : action;
}
