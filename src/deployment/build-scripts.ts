import { joinPath } from './builds.ts';
import type { ProjectFile, Surroundings } from './deployment.ts';
import { buildCommands } from './docker-build.ts';
import { buildsAll, scriptLogsIn } from './login.ts';

/** What a script of the project that a step of CI calls does with images. */
export interface CalledScript {
  readonly builds: boolean;
  readonly logsIn: boolean;
}

/** The Makefile targets and shell scripts of the project that a command calls: `make image`, `./scripts/build.sh`. */
export function calledScripts(run: string, folder: string, { files }: Surroundings): CalledScript[] {
  const texts = [
    ...[...run.matchAll(/(?:^|[\s;&|])make[ \t]+(?:-C[ \t]+(\S+)[ \t]+)?([\w./-]+)/gm)].map(([, inside, target]) =>
      recipeOf(find(joinPath(folder, inside ?? '.'), ['Makefile', 'makefile', 'GNUmakefile'], files), target!),
    ),
    ...[...run.matchAll(/(?:^|[\s;&|])(?:(?:ba|da)?sh[ \t]+(?:-\w+[ \t]+)*)?((?:\.{0,2}\/)?[\w./-]+\.sh)\b/gm)].map(
      ([, path]) => files.find((file) => file.path === joinPath(folder, path!))?.text,
    ),
  ].filter((text) => text !== undefined);
  return texts.map((text) => ({
    builds: buildCommands(text).length > 0 || buildsAll(text),
    logsIn: scriptLogsIn(text),
  }));
}

function find(folder: string, names: readonly string[], files: readonly ProjectFile[]): string | undefined {
  return names
    .map((name) => files.find(({ path }) => path === joinPath(folder, name))?.text)
    .find((text) => text !== undefined);
}

/** The commands of a Makefile's target and of those that it needs first, without what make itself reads. */
function recipeOf(makefile: string | undefined, target: string): string | undefined {
  if (makefile === undefined) return undefined;
  const lines = makefile.split(/\r?\n/);
  const own = (name: string): { recipe: string[]; needs: string[] } => {
    const at = lines.findIndex(
      (line) => /^[^\s#:=][^:=]*:(?!=)/.test(line) && line.split(':')[0]!.split(/\s+/).includes(name),
    );
    if (at === -1) return { recipe: [], needs: [] };
    const end = lines.findIndex((line, index) => index > at && line !== '' && !line.startsWith('\t'));
    return {
      recipe: lines.slice(at + 1, end === -1 ? undefined : end),
      needs: lines[at]!.slice(lines[at]!.indexOf(':') + 1)
        .trim()
        .split(/\s+/),
    };
  };
  const { recipe, needs } = own(target);
  return [...needs.slice(0, 50).flatMap((each) => own(each).recipe), ...recipe]
    .map((line) => line.replace(/^\t[@+-]*/, '').replace(/\$\((\w+)\)/g, '$${$1}'))
    .join('\n');
}
