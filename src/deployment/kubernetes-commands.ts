import type { YAMLMap } from 'yaml';
import type { ImageContract } from '../compile-result.ts';
import { movePort } from '../decisions/ports.ts';
import { toExec } from '../shell/exec-form.ts';
import { parseShell } from '../shell/parse.ts';
import type { Changes } from './changes.ts';
import { shellText } from './checks.ts';
import { commandOf, type Pod } from './kubernetes-pods.ts';
import { isPortVariable } from './port-variables.ts';
import { replaceList, replaceScalar } from './yaml-edits.ts';
import { findList, findMap, findScalar, mapsOf, rangeOf, scalarsOf, textOf } from './yaml-text.ts';

/** `command` and `args` in the place of the image's own ENTRYPOINT and CMD. */
export function changeCommands(
  container: YAMLMap,
  { root }: Pick<Pod, 'root'>,
  contract: ImageContract,
  changes: Changes,
): void {
  const command = findList(container, 'command', root);
  const args = findList(container, 'args', root);
  const words = command === undefined ? [] : scalarsOf(command.value, root).map((word) => textOf(word) ?? '');
  const rest = args === undefined ? [] : scalarsOf(args.value, root).map((word) => textOf(word) ?? '');
  const all = [...words, ...rest];
  const inner = shellText(all);
  const place = command ?? args;
  if (place === undefined || all.length === 0) return;
  if (command !== undefined && /(^|\/)(ba|da|a)?sh$/.test(words[0]!) && !contract.shell) {
    const exec = inner === undefined ? undefined : toExec(parseShell(inner), new Map());
    const plain =
      exec !== undefined &&
      !('reason' in exec) &&
      exec.environment.length === 0 &&
      exec.workdir === undefined &&
      args === undefined;
    if (plain) {
      const next = exec.argv.map((word, index) => movePort(word, exec.argv[index - 1], contract.movedPorts));
      changes.change(
        replaceList(changes.yaml, command.value, next),
        { range: rangeOf(command.key), shared: false },
        `the command goes through a shell, and ${contract.image} has none`,
        'the program starts the same without one',
        `becomes ${JSON.stringify(next)}`,
      );
      return;
    }
    const why = exec !== undefined && 'reason' in exec ? `it ${exec.reason}` : undefined;
    changes.say(
      'review',
      rangeOf(command.key),
      `the command needs a shell, and ${contract.image} has none`,
      why,
      'start the program itself; what has to run before is an init container or a job',
    );
    return;
  }
  for (const list of [command, args]) {
    if (list === undefined) continue;
    const own = scalarsOf(list.value, root).map((word) => textOf(word) ?? '');
    const next = own.map((word, index) => movePort(word, own[index - 1], contract.movedPorts));
    if (next.every((word, index) => word === own[index])) continue;
    changes.change(
      replaceList(changes.yaml, list.value, next),
      { range: rangeOf(list.key), shared: false },
      'the command names a port below 1024',
      `the program in ${contract.image} listens above 1024`,
      `becomes ${JSON.stringify(next)}`,
    );
  }
}

/** Variables that name a port below 1024. */
export function changeEnvironment(
  container: YAMLMap,
  { root }: Pick<Pod, 'root'>,
  { movedPorts, image }: ImageContract,
  changes: Changes,
  key = 'env',
): void {
  const env = findList(container, key, root);
  for (const variable of env === undefined ? [] : mapsOf(env.value, root)) {
    const value = findScalar(variable, 'value', root);
    const label = textOf(findScalar(variable, 'name', root)?.value) ?? '';
    const to = movedPorts.find(({ from }) => String(from) === textOf(value?.value))?.to;
    if (value === undefined || to === undefined || !isPortVariable(label)) continue;
    changes.change(
      replaceScalar(changes.yaml, value.value, String(to)),
      { range: rangeOf(value.value), shared: false },
      `${label} is a port below 1024`,
      `the program in ${image} listens above 1024`,
      `becomes ${to}`,
    );
  }
}

/** Hooks of the container's life that a shell would run. */
export function tellOfHooks(
  container: YAMLMap,
  { root }: Pick<Pod, 'root'>,
  contract: ImageContract,
  changes: Changes,
): void {
  const hook = findMap(container, 'lifecycle', root);
  for (const key of ['postStart', 'preStop']) {
    const exec =
      hook === undefined ? undefined : findMap(findMap(hook.value, key, root)?.value ?? hook.value, 'exec', root);
    if (exec !== undefined && !contract.shell && usesShell(exec.value, root))
      changes.say(
        'review',
        rangeOf(exec.key),
        `${key} needs a shell, and ${contract.image} has none`,
        undefined,
        key === 'preStop'
          ? 'a plain wait is `sleep: {seconds: N}` of the hook itself (Kubernetes 1.30)'
          : 'move it into the program or an init container',
      );
  }
}

function usesShell(exec: YAMLMap, root: YAMLMap): boolean {
  const words = commandOf(exec, root);
  return words !== undefined && /(^|\/)(ba|da|a)?sh$/.test(words[0] ?? '');
}
