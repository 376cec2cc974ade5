import { basename, resolve } from 'node:path';
import { InputError } from '../../../project/input-error.ts';
import { visible } from '../../../reports/clean-text.ts';
import { type CarryingFile, customizations } from '../../../reports/customization.ts';
import type { Session } from '../session.ts';
import { readsStandardInput } from '../standard-input.ts';

/** `rehull customize`: definitions of customized images for what migrations carry. Returns the exit code. */
export async function customize(session: Session, paths: readonly string[], name: string | undefined): Promise<number> {
  const { org } = session.flags;
  if (org === undefined) throw new InputError('a customized image belongs to an organization: name yours with --org');
  readsStandardInput(paths);
  const slug = name ?? slugOf(basename(resolve(session.io.cwd, paths[0] === '-' ? '.' : (paths[0] ?? '.'))));
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug))
    throw new InputError('the name ends the tags of the image: give one of a-z, 0-9 and - with --name');
  const files: CarryingFile[] = [];
  let blocked = 0;
  for await (const { place, result } of session.compile(paths)) {
    const [reason] = result.findings.filter(({ severity }) => severity === 'blocked');
    if (result.contract === undefined && reason !== undefined) {
      blocked++;
      session.io.stderr.write(`${visible(place.path)}: blocked: ${visible(reason.message)}\n`);
    } else if (result.contract !== undefined) files.push({ path: place.path, contract: result.contract });
  }
  const found = customizations(files, org, slug);
  session.io.stdout.write(found.map(({ text }) => text).join('---\n'));
  if (session.flags.quiet !== true) {
    for (const { image, paths: users } of found)
      session.io.stderr.write(
        `${visible(users.join(', '))}: create it with \`docker dhi customization create\`, then end on ${image} and leave the step out that carries its packages\n`,
      );
    if (found.length === 0 && blocked === 0 && session.errors.length === 0)
      session.io.stderr.write('no migration carries packages, so no image has to be customized\n');
  }
  if (session.errors.length > 0) return 2;
  return blocked > 0 ? 1 : 0;
}

function slugOf(folder: string): string {
  return folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
