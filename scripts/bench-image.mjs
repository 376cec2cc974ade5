// Measures `rehull inspect` against what nobody can do without: reading, decompressing and hashing the same image.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGunzip, createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

const self = fileURLToPath(import.meta.url);
const program = fileURLToPath(new URL('../dist/rehull.js', import.meta.url));
const [leastRounds, mostRounds] = [3, 6];
const budget = 1.5;

/** Layers as those of an image of a language with its build tools: share of the bytes, mean size of a file, kinds of content. */
const layers = [
  {
    folder: 'usr/lib/x86_64-linux-gnu',
    megabytes: 120,
    meanBytes: 60_000,
    kinds: ['library', 'library', 'library', 'data'],
  },
  { folder: 'usr/share', megabytes: 80, meanBytes: 9_000, kinds: ['text', 'text', 'text', 'data'] },
  { folder: 'usr/lib/gcc', megabytes: 180, meanBytes: 90_000, kinds: ['library', 'text', 'data'] },
  {
    folder: 'opt/app/node_modules',
    megabytes: 200,
    meanBytes: 12_000,
    kinds: ['text', 'text', 'text', 'text', 'data'],
  },
  { folder: 'opt/venv/lib/python3.12/site-packages', megabytes: 120, meanBytes: 20_000, kinds: ['text', 'library'] },
];

/** Makes an image in a folder, with its layers compressed and plain, and prints what it takes to inspect each. */
export async function benchImage(folder, elf) {
  const content = contents(elf);
  const archive = join(folder, 'image.tar');
  const megabytes = layers.reduce((sum, layer) => sum + layer.megabytes, 0);
  for (const isCompressed of [true, false]) {
    const { files, stretches } = await makeImage(archive, folder, content, isCompressed);
    // the fastest of several rounds, in turn, so that what else the machine does falls on both
    let [least, inspect] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < mostRounds && (round < leastRounds || inspect / least > budget); round++) {
      least = Math.min(least, seconds([self, archive, ...stretches]));
      inspect = Math.min(inspect, seconds([program, 'inspect', '--json', archive], [0, 1]));
    }
    const ratio = inspect / least;
    // what is held against a budget has something to decompress
    const verdict = isCompressed ? ` of ${budget}: ${ratio <= budget ? 'kept' : 'MISSED'}` : '';
    console.log(
      `inspect of ${megabytes} MB in ${files} files, ${isCompressed ? 'gzip' : 'plain'} layers: ${inspect.toFixed(2)} s, ` +
        `${isCompressed ? 'decompressing' : 'reading'} and hashing alone: ${least.toFixed(2)} s, ` +
        `ratio ${ratio.toFixed(2)}${verdict}`,
    );
  }
  rmSync(archive);
}

function seconds(args, statuses = [0]) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (!statuses.includes(status)) throw new Error(stderr);
  return (performance.now() - start) / 1000;
}

/** The same numbers in every run (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Stretches of bytes of each kind: gzip makes a third of text, half of binaries, and nothing less of data. */
function contents(elf) {
  const random = randomNumbers(1);
  const below = (limit) => Math.floor(random() * limit);
  const size = 16 << 20;
  const letters = 'etaoinshrdlcumwfgypbvk';
  const words = Array.from({ length: 3000 }, () =>
    Array.from({ length: 2 + below(9) }, () => letters[below(letters.length)]).join(''),
  );
  const separators = [' ', ' ', ' ', '.', '(', ');\n', ' = ', ', ', '\n  ', "'"];
  let text = '';
  while (text.length < size) text += words[Math.floor(random() ** 2 * words.length)] + separators[below(10)];
  const data = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4) data.writeInt32LE(Math.floor(random() * 2 ** 32) | 0, at);
  // machine code: few instructions, many operands alike
  const code = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4)
    code.writeInt32LE(below(64) * 0x01010000 + Math.floor(random() ** 3 * 60_000), at);
  const stretches = { text: Buffer.from(text, 'latin1'), data, code };
  const library = elf({ needed: ['libc.so.6', 'libm.so.6'], needs: { 'libc.so.6': ['GLIBC_2.34'] } });
  return (kind, bytes, at) => {
    const stretch = stretches[kind === 'library' ? 'code' : kind];
    const start = at % (size - bytes);
    const part = stretch.subarray(start, start + bytes);
    return kind === 'library' ? Buffer.concat([library, part]) : part;
  };
}

const endings = { text: '.js', data: '.bin', library: '.so' };

/** An OCI layout in one archive, as engines save an image, and where its layers lie in it. */
async function makeImage(archive, folder, content, isCompressed) {
  const random = randomNumbers(2);
  const image = pack();
  const written = pipeline(image, createWriteStream(archive));
  const described = [];
  const stretches = [];
  let files = 0;
  let at = 0;
  for (const layer of layers) {
    const path = join(folder, 'layer');
    const made = await makeLayer(path, layer, files, random, content, isCompressed);
    files += made.files;
    const { size } = statSync(path);
    await pipeline(createReadStream(path), image.entry({ name: `blobs/sha256/${made.hash}`, size }));
    rmSync(path);
    described.push({ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: `sha256:${made.hash}`, size });
    stretches.push(`${at + 512}-${at + 512 + size}`);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  const document = (mediaType, object) => {
    const bytes = Buffer.from(JSON.stringify(object));
    const hash = createHash('sha256').update(bytes).digest('hex');
    image.entry({ name: `blobs/sha256/${hash}` }, bytes);
    return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
  };
  const configuration = { architecture: 'amd64', os: 'linux', config: { Entrypoint: ['/opt/server'] }, rootfs: {} };
  const config = document('application/vnd.oci.image.config.v1+json', configuration);
  const manifest = { schemaVersion: 2, config, layers: described };
  const manifests = [document('application/vnd.oci.image.manifest.v1+json', manifest)];
  image.entry({ name: 'index.json' }, JSON.stringify({ schemaVersion: 2, manifests }));
  image.finalize();
  await written;
  return { files, stretches };
}

async function makeLayer(path, layer, first, random, content, isCompressed) {
  const tar = pack();
  const hash = createHash('sha256');
  async function* hashed(source) {
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
  }
  const written = pipeline(tar, isCompressed ? createGzip() : new PassThrough(), hashed, createWriteStream(path));
  let files = 0;
  for (let left = layer.megabytes * 1e6; left > 0; files++) {
    const bytes = Math.min(2_000_000, Math.ceil(-Math.log(1 - random()) * layer.meanBytes) + 1);
    const kind = layer.kinds[Math.floor(random() * layer.kinds.length)];
    const number = first + files;
    const name = `${layer.folder}/d${Math.floor(number / 40)}/f${number}${endings[kind]}`;
    const header = { name, mode: 0o644, mtime: new Date(0) };
    const taken = tar.entry(header, content(kind, bytes, Math.floor(random() * 1e9)));
    if (!taken) await new Promise((resolve) => tar.once('drain', resolve));
    left -= bytes;
  }
  tar.finalize();
  await written;
  return { hash: hash.digest('hex'), files };
}

/** What every reader of an image has to do, in a process of its own as inspect is: the layers, one behind the other. */
async function readAndHash(archive, stretches) {
  for (const stretch of stretches) {
    const [start, end] = stretch.split('-').map(Number);
    const hash = createHash('sha256');
    const source = createReadStream(archive, { start, end: end - 1, highWaterMark: 1 << 19 });
    const [head] = await once(source, 'data');
    hash.update(head);
    source.on('data', (chunk) => hash.update(chunk));
    const unpack = head[0] === 0x1f ? createGunzip({ chunkSize: 1 << 19 }) : new PassThrough();
    unpack.write(head);
    unpack.resume();
    await pipeline(source, unpack);
    hash.digest();
  }
}

if (process.argv[1] === self) await readAndHash(process.argv[2], process.argv.slice(3));
