import { ImageRefused } from '../../../images/image-refused.ts';
import { type InspectOptions, inspectImage } from '../../../images/inspect-image.ts';
import type { Inspection } from '../../../images/inspection.ts';
import { IMAGE_LIMITS } from '../../../images/limits.ts';
import { InputError } from '../../../project/input-error.ts';
import { inspectionText } from '../../../reports/inspection.ts';
import { inspectionJson } from '../../../reports/inspection-json.ts';
import { Whereabouts } from '../progress.ts';
import type { Session } from '../session.ts';

export interface InspectFlags extends InspectOptions {
  readonly json?: boolean;
}

/** `rehull inspect IMAGE`: whether an image can start, told without running it. Returns the exit code. */
export async function inspect(session: Session, image: string, flags: InspectFlags): Promise<number> {
  const inspection = await opened(session, image, flags);
  const { stdout } = session.io;
  stdout.write(
    flags.json ? inspectionJson(inspection, session.version) : inspectionText(inspection, session.style(stdout)),
  );
  return inspection.findings.some(({ severity }) => severity !== 'info') ? 1 : 0;
}

async function opened({ io, flags }: Session, image: string, options: InspectOptions): Promise<Inspection> {
  const where = new Whereabouts(io.stderr, 'reading', flags.quiet === true);
  const around = {
    cwd: io.cwd,
    environment: io.environment,
    limits: IMAGE_LIMITS,
    fetch: globalThis.fetch,
    progress: (place: string) => where.enters(place),
  };
  try {
    return await inspectImage(image, options, around);
  } catch (error) {
    if (error instanceof ImageRefused) throw new InputError(error.message, { cause: error });
    throw error;
  } finally {
    where.clear();
  }
}
