import type { ProjectReader } from '../../src/context/project-reader.ts';
import { viewOf } from '../../src/decisions/view.ts';
import type { BuildView } from '../../src/ecosystems/ecosystem.ts';
import { readStart } from '../../src/facts/start-command.ts';
import { factsOf, imageWith } from '../decisions/facts.ts';
import { pageProject } from '../pages/page.ts';

/** A Dockerfile and the project around it, as an ecosystem sees them. */
export function buildView(text: string, files: Readonly<Record<string, string>> = {}): BuildView {
  const project: ProjectReader = pageProject(new Map(Object.entries(files)));
  const facts = factsOf(text, project);
  return viewOf(facts, readStart(facts).argv);
}

/** A hardened image that a program may run on. */
export const anyRuntime = imageWith('static/debian-13/1', 'libc6');
