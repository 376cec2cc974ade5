import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { inspectImage } from '../../src/images/inspect-image.ts';
import type { Inspection } from '../../src/images/inspection.ts';
import { IMAGE_LIMITS, type Limits } from '../../src/images/limits.ts';
import { folderOf } from '../project/folder.ts';

export interface Member {
  readonly type?: 'file' | 'directory' | 'symlink' | 'link';
  readonly content?: string | Buffer;
  readonly target?: string;
  readonly mode?: number;
  readonly uid?: number;
  /** records of an extended header */
  readonly pax?: Readonly<Record<string, string>>;
}

/** Files by path; a text is the content of a program that all may execute. */
export type Layer = Readonly<Record<string, string | Buffer | Member>>;

export interface Image {
  readonly layers: readonly Layer[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly architecture?: string;
  readonly compressed?: boolean;
  readonly compress?: (layer: Buffer) => Buffer;
  readonly diffIds?: readonly string[];
  readonly history?: readonly object[];
}

export const link = (target: string): Member => ({ type: 'symlink', target });
export const folder = (mode: number, uid = 0): Member => ({ type: 'directory', mode, uid });

export async function tarOf(members: Layer): Promise<Buffer> {
  const tar = pack();
  for (const [name, given] of Object.entries(members)) {
    const member: Member = typeof given === 'string' || Buffer.isBuffer(given) ? { content: given } : given;
    const { type = 'file', content = '', target, mode = 0o755, uid = 0, pax } = member;
    const header = {
      name,
      type,
      mode,
      uid,
      gid: uid,
      ...(target === undefined ? {} : { linkname: target }),
      ...(pax === undefined ? {} : { pax: { ...pax } }),
    };
    if (type === 'file') tar.entry(header, content);
    else tar.entry(header);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** An image as `docker image save` writes one; returns the archive's path. */
export async function save({ layers, config = {}, architecture = 'amd64', ...image }: Image): Promise<string> {
  const unpacked = await Promise.all(layers.map(tarOf));
  const blobs = unpacked.map(image.compress ?? ((layer) => (image.compressed ? gzipSync(layer) : layer)));
  const diffIds = image.diffIds ?? unpacked.map((layer) => `sha256:${sha256(layer)}`);
  const document = Buffer.from(
    JSON.stringify({
      architecture,
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: diffIds },
      history: image.history,
    }),
  );
  const configName = `${sha256(document)}.json`;
  const names = blobs.map((_, index) => `layer-${index}/layer.tar`);
  const archive = await tarOf({
    'manifest.json': JSON.stringify([{ Config: configName, RepoTags: ['example:1'], Layers: names }]),
    [configName]: document,
    ...Object.fromEntries(blobs.map((blob, index) => [names[index]!, blob])),
  });
  const path = join(folderOf({}), 'image.tar');
  writeFileSync(path, archive);
  return path;
}

export async function inspected(image: Image, limits: Partial<Limits> = {}): Promise<Inspection> {
  return inspectImage(await save(image), {}, { cwd: '/', environment: {}, limits: { ...IMAGE_LIMITS, ...limits } });
}

/** `error missing-library` of everything that was found. */
export function told({ findings }: Inspection): string[] {
  return findings.map(({ severity, rule }) => `${severity} ${rule}`);
}
