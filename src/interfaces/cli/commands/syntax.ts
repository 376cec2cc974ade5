import { resolve } from 'node:path';
import { readDockerfile } from '../../../project/dockerfile-source.ts';
import { decode } from '../../../text/encoding.ts';
import type { Session } from '../session.ts';

/** `rehull syntax`: one JSON line a file, in the order given. Returns the exit code. */
export async function syntax(session: Session, paths: readonly string[]): Promise<number> {
  const { parse, parserOutput } = await session.core.syntax();
  for (const path of paths) {
    try {
      const { text } = decode(await read(session, path));
      session.io.stdout.write(`${JSON.stringify({ path, ...parserOutput(parse(text)) })}\n`);
    } catch (error) {
      session.fail(error, path);
    }
  }
  return session.errors.length > 0 ? 2 : 0;
}

async function read(session: Session, path: string): Promise<Uint8Array> {
  return path === '-' ? session.io.readStdin() : readDockerfile(resolve(session.io.cwd, path), path).bytes;
}
