import { allActions, constantOf, type Program, type Value } from '../entrypoints/program.ts';
import type { BuildFacts } from '../facts/build-facts.ts';
import { isWithin, parentOf, resolvePath } from '../facts/paths.ts';
import type { HandedOver, ScriptToAnswer } from './script-answer.ts';

/** Folders that the script makes or gives away, where their paths are known: the build makes them owned. */
export function foldersOf({ actions }: Program, facts: BuildFacts): string[] {
  const found = new Set<string>();
  for (const action of allActions(actions)) {
    if (action.kind !== 'make-folders' && action.kind !== 'own') continue;
    for (const value of action.paths) {
      const path = knownText(value, facts, true);
      if (path !== undefined && path !== '' && !/[*?]|\.(sh|py|m?js|pem|key|crt|conf)$/.test(path))
        found.add(resolvePath(facts.contract.workdir, path));
    }
  }
  return [...found].filter((path) => path !== '/' && !/^\/(dev|proc|sys|tmp|run|etc|usr|bin|lib)(\/|$)/.test(path));
}

/** What a volume that is mounted later would need: the image's own folders have their owner from the build. */
export function ownersHandedOver(
  { program, name }: Pick<ScriptToAnswer, 'program' | 'name'>,
  facts: BuildFacts,
): HandedOver[] {
  const given = [...allActions(program.actions)].flatMap((action) =>
    action.kind === 'own' && action.gives ? action.paths.map((path) => knownText(path, facts, true)) : [],
  );
  if (given.length === 0) return [];
  const paths = [...new Set(given.map((path) => path ?? 'what it was told'))].join(', ');
  return [
    {
      message: `${name} no longer changes the owner of ${paths} when the container starts`,
      why: 'only root may, and the container does not start as root; the image has it with the right owner',
      fix: "a volume from the host has to belong to the image's user: chown it there, or say fsGroup in Kubernetes",
    },
  ];
}

/** Where the script writes files, beyond the working directory: folders to own, and files that the user may not change. */
export function writtenBy({ actions }: Program, facts: BuildFacts): { folders: string[]; unsure: string[] } {
  const folders = new Set<string>();
  const unsure = new Set<string>();
  const { workdir } = facts.contract;
  for (const action of allActions(actions)) {
    const values =
      action.kind === 'remove'
        ? action.paths
        : action.kind === 'write' || action.kind === 'replace'
          ? [action.path]
          : action.kind === 'fill'
            ? [action.to]
            : [];
    for (const value of values) {
      const text = knownText(value, facts, true);
      const path = text === undefined ? undefined : resolvePath(workdir, text);
      if (path === undefined || /^\/(tmp|dev|proc)\//.test(path) || (workdir !== '/' && isWithin(path, workdir)))
        continue;
      const folder = parentOf(path);
      if (action.kind === 'replace' || folder === '/' || /^\/(etc|usr|bin|lib|run|var)(\/|$)/.test(folder))
        unsure.add(path);
      else folders.add(folder);
    }
  }
  return { folders: [...folders], unsure: [...unsure] };
}

/** The text of a value under the file's own environment and the script's defaults. */
export function knownText(value: Value, facts: BuildFacts, withDefaults: boolean): string | undefined {
  let text = '';
  for (const piece of value) {
    if (piece.kind === 'text') text += piece.text;
    else if (piece.kind === 'variable') {
      const own = facts.environment.get(piece.name);
      const fallback = piece.fallback === undefined || !withDefaults ? undefined : constantOf(piece.fallback);
      const known = typeof own === 'string' && own !== '' ? own : fallback;
      if (known === undefined) return undefined;
      text += known;
    } else return undefined;
  }
  return text;
}
