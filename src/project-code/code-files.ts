import type { ProjectReader } from '../context/project-reader.ts';

/** A file of the project's own code. */
export interface CodeFile {
  /** in the build context */
  readonly path: string;
  readonly text: string;
}

const mostNames = 4000;
const mostFiles = 800;
const mostText = 4 * 1024 * 1024;
const deepest = 12;

/** Folders of other people's code, of what a build makes, and of what does not run in production. */
const others =
  /^(\..*|node_modules|bower_components|vendor|venv|env|site-packages|dist|build|out|target|bin|obj|coverage|public|static|assets|tests?|__tests__|__mocks__|specs?|e2e|cypress|testdata|fixtures|mocks?|benchmarks?|bench|docs?|examples?|samples?|migrations|scripts|tools|hack|dev|deploy|infra|charts?|terraform)\/$/i;
const testFile =
  /(^|[._-])(test|tests|spec|stories|bench|mock|conftest)[._-]|[._-](test|tests|spec|stories)\.|^(test_|conftest)|Tests?\.(java|kt|cs)$|\.(min\.js|d\.ts)$|\.config\.\w+$|^(gulpfile|Gruntfile|setup\.py|noxfile\.py|fabfile\.py|tasks\.py|Rakefile|manage\.py)/i;

/**
 * Reads the project's own code below some paths of the context, without tests, dependencies and what a build makes.
 * It reads so much and no more: a project that is larger is read in part.
 */
export function readCode(project: ProjectReader, sources: readonly string[], isCode: RegExp): readonly CodeFile[] {
  const found: CodeFile[] = [];
  const seen = new Set<string>();
  let names = 0;
  let size = 0;
  const add = (path: string, name: string): void => {
    if (!isCode.test(name) || testFile.test(name) || seen.has(path) || found.length >= mostFiles || size > mostText)
      return;
    seen.add(path);
    const text = project.read(path);
    if (text === undefined) return;
    size += text.length;
    found.push({ path, text });
  };
  const visit = (folder: string, depth: number): void => {
    if (seen.has(`${folder}/`)) return;
    seen.add(`${folder}/`);
    for (const name of project.list(folder) ?? []) {
      if (++names > mostNames) return;
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!name.endsWith('/')) add(path, name);
      else if (depth < deepest && !others.test(name)) visit(path.slice(0, -1), depth + 1);
    }
  };
  for (const source of sources) {
    const path = source
      .replace(/^(\.?\/)+/, '')
      .replace(/\/+$/, '')
      .replace(/^\.$/, '')
      .replace(/\/?[^/]*[*?[].*$/, '');
    if (project.list(path) !== undefined) visit(path, 0);
    else add(path, path.slice(path.lastIndexOf('/') + 1));
  }
  return found;
}
