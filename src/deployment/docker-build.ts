import { parseShell } from '../shell/parse.ts';
import type { Word } from '../shell/tree.ts';
import { commandsOf } from '../shell/walk.ts';
import { joinPath } from './builds.ts';
import type { AskedBuild } from './deployment.ts';

/** A `docker build` of a script. */
export interface BuildCommand {
  readonly context: string;
  readonly dockerfile: string | undefined;
  readonly target: string | undefined;
  readonly tags: string[];
}

/** The build that a call asks for; its Dockerfile is named from where the call is made. */
export function askedBuild({ context, dockerfile, target }: Omit<BuildCommand, 'tags'>): AskedBuild {
  const path = dockerfile === undefined ? joinPath(context, 'Dockerfile') : joinPath('', dockerfile);
  return { dockerfile: path, target };
}

const values =
  /^(-t|--tag|-f|--file|--target|--build-arg|--platform|--label|--cache-from|--cache-to|--secret|--ssh|--network|--progress|-o|--output|--builder|--iidfile|--pull-policy)$/;

/** The `docker build` and `docker buildx build` calls of a shell script, as far as their words are known. */
export function buildCommands(script: string): BuildCommand[] {
  // what GitHub and GitLab put in before the shell sees it has no place in a shell's grammar
  const text = script.replace(/\$\{\{[^}]*\}\}/g, (whole) => 'x'.repeat(whole.length));
  if (!/\b(docker|podman|buildah)\b/.test(text)) return [];
  const parsed = parseShell(text);
  if (parsed.problem !== undefined) return [];
  return commandsOf(parsed)
    .flatMap(({ command }) => {
      const words = command.words.map(({ value }) => value);
      const at = words[1] === 'buildx' ? 2 : words[1] === 'image' ? 2 : 1;
      const isBuild =
        (/^(docker|podman)$/.test(words[0] ?? '') && words[at] === 'build') ||
        (words[0] === 'buildah' && /^(bud|build)$/.test(words[at] ?? ''));
      return isBuild ? [readBuild(command.words.slice(at + 1))] : [];
    })
    .filter((build) => build !== undefined);
}

function readBuild(words: readonly Word[]): BuildCommand | undefined {
  let context: string | undefined;
  let dockerfile: string | undefined;
  let target: string | undefined;
  const tags: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const { value: word, raw } = words[at]!;
    const [, option, attached] = /^(--?[\w-]+)(?:=(.*))?$/s.exec(word ?? raw) ?? [];
    if (option === undefined) {
      context = word;
      continue;
    }
    const next = attached === undefined && values.test(option) ? words[++at] : undefined;
    // a name may have variables in it: what is behind the last slash is enough to know it
    if (option === '-t' || option === '--tag')
      tags.push(next?.value ?? (next?.raw ?? attached ?? '').replace(/["']/g, ''));
    const value = attached ?? next?.value;
    if (value === undefined) continue;
    if (option === '-f' || option === '--file') dockerfile = value;
    else if (option === '--target') target = value;
  }
  if (context === undefined || context === '-' || /^(https?|git|ssh):/.test(context)) return undefined;
  return { context, dockerfile, target, tags };
}
