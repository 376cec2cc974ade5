import { InputError } from '../../../project/input-error.ts';
import { visible } from '../../../reports/clean-text.ts';
import type { Session } from '../session.ts';

/** `rehull explain`: the page of a rule, or what is known of an image. Returns the exit code. */
export async function explain(session: Session, subject: string): Promise<number> {
  const { core, io, flags } = session;
  const page = /^[a-z0-9-]+$/.test(subject) ? core.rulePage(subject) : undefined;
  if (page !== undefined) {
    io.stdout.write(page);
    return 0;
  }
  const image = await core.explainImage(subject, await session.catalog(flags.catalog), session.settings().options);
  if (image === undefined) {
    const rules = core.rules();
    throw new InputError(
      `nothing is known of ${JSON.stringify(subject)}; name an image like python:3.13-slim, or a rule: ${rules.join(', ')}`,
    );
  }
  io.stdout.write(
    image
      .split('\n')
      .map((line) => visible(line))
      .join('\n'),
  );
  return 0;
}
