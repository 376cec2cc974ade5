import { posix } from 'node:path';
import type { ImageContext } from '../image-context.ts';
import type { ImageFinding } from '../image-finding.ts';

/** Checks every virtual environment: its interpreter is there, and of the version that its packages are for. */
export function checkPythonEnvironments({ tree }: ImageContext): ImageFinding[] {
  const findings: ImageFinding[] = [];
  for (const { path, entry } of tree.all()) {
    if (entry.kind !== 'file' || !path.endsWith('/pyvenv.cfg')) continue;
    const folder = posix.dirname(path);
    const tell = (message: string, why: string | undefined): void => {
      findings.push({
        rule: 'python-environment',
        severity: 'error',
        path: folder,
        layer: entry.layer,
        message,
        why,
        fix: 'make the environment with the Python of the final image, at the same path (the -dev image has it)',
      });
    };
    const programs = ['python3', 'python'].filter((name) => tree.entry(`${folder}/bin/${name}`) !== undefined);
    const interpreter = programs.map((name) => tree.find(`${folder}/bin/${name}`)).find((found) => found !== undefined);
    if (interpreter === undefined) {
      const link = programs[0] && lastLink(`${folder}/bin/${programs[0]}`, tree);
      tell(
        `the Python of the environment ${folder} is missing`,
        link === undefined
          ? `there is no ${folder}/bin/python`
          : `${folder}/bin/${programs[0]} leads to ${link}, which is not in the image`,
      );
      continue;
    }
    const version = /python(\d+\.\d+)$/.exec(interpreter.path)?.[1];
    const library = tree.directory(`${folder}/lib`)?.entry;
    const versions = [...(library?.children.keys() ?? [])].flatMap(
      (name) => /^python(\d+\.\d+)$/.exec(name)?.[1] ?? [],
    );
    if (version !== undefined && versions.length > 0 && !versions.includes(version)) {
      tell(
        `the environment ${folder} is for Python ${versions.join(', ')}, and its interpreter is Python ${version}`,
        `${folder}/bin/python is ${interpreter.path}, which looks in ${folder}/lib/python${version}`,
      );
    }
  }
  return findings;
}

/** Where a chain of links ends that leads nowhere. */
function lastLink(path: string, tree: ImageContext['tree']): string | undefined {
  let place = path;
  for (let links = 0; links < 40; links++) {
    const entry = tree.entry(place);
    if (entry?.kind !== 'link') break;
    place = posix.resolve(posix.dirname(place), entry.target);
  }
  return place === path ? undefined : place;
}
