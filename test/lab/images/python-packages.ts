import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { bash } from '../command.ts';
import type { Apt, Package } from '../debian/apt.ts';
import { unpack } from '../debian/root-filesystem.ts';
import { zip } from './zip.ts';

/** Debian packages that become wheels. */
const WHEELS =
  'annotated-types anyio blinker click fastapi flask gunicorn h11 idna itsdangerous jinja2 markupsafe packaging pydantic pydantic-core sniffio starlette typing-extensions uvicorn werkzeug wheel';
/** Source packages that builds compile. */
const SOURCES = ['psycopg2'];
/** Packages that hold wheels; setuptools as an installed package leans on others. */
const WHEEL_FILES = ['python3-setuptools-whl'];

let made: Promise<string> | undefined;

/** A folder of wheels and sources, made from the archive's packages once. */
export function pythonPackages(apt: Apt, cache: string): Promise<string> {
  made ??= makeAll(apt, join(cache, 'python-packages'));
  return made;
}

async function makeAll(apt: Apt, folder: string): Promise<string> {
  const packages = await apt.alone(WHEELS.split(' ').map((name) => `python3-${name}`));
  const key =
    [...WHEEL_FILES, ...SOURCES].join() + packages.map(({ name, version }) => `${name} ${version}`).join('\n');
  const stamp = join(folder, '.made-of');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const one of packages) await makeWheel(one, folder);
  const parts = mkdtempSync(join(tmpdir(), 'rehull-lab-wheels-'));
  await unpack(await apt.alone(WHEEL_FILES), parts);
  await bash('cp "$1"/usr/share/python-wheels/*.whl "$2/"; rm -r "$1"', [parts, folder], 20);
  for (const name of SOURCES) await packSource(await apt.source(name), folder);
  writeFileSync(stamp, key);
  return folder;
}

/** A wheel of what a Debian package puts into dist-packages. */
async function makeWheel(from: Package, folder: string): Promise<void> {
  const parts = mkdtempSync(join(tmpdir(), 'rehull-lab-wheel-'));
  try {
    await unpack([from], parts);
    const tree = join(parts, 'usr/lib/python3/dist-packages');
    const information = readdirSync(tree).find((name) => /\.(?:dist|egg)-info$/.test(name));
    if (information === undefined) throw new Error(`${from.name} says nothing of itself as a Python package`);
    const metadata = readMetadata(join(tree, information));
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(metadata)![1]!.trim();
    const name = field('Name').replace(/[-.]/g, '_');
    const files = filesBelow(tree).filter(
      (path) => !/(?:^|\/)(?:__pycache__|[^/]*\.(?:dist|egg)-info)(?:\/|$)/.test(path),
    );
    const isPure = !files.some((path) => path.endsWith('.so'));
    const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
    const tag = isPure ? 'py3-none-any' : `cp313-cp313-linux_${architecture}`;
    const about = `${name}-${field('Version')}.dist-info`;
    const entryPoints = join(tree, information, 'entry_points.txt');
    const content: [string, Buffer][] = files.map((path) => [path, readFileSync(join(tree, path))]);
    content.push([`${about}/METADATA`, Buffer.from(metadata)]);
    content.push([
      `${about}/WHEEL`,
      Buffer.from(`Wheel-Version: 1.0\nGenerator: lab\nRoot-Is-Purelib: ${isPure}\nTag: ${tag}\n`),
    ]);
    if (existsSync(entryPoints)) content.push([`${about}/entry_points.txt`, readFileSync(entryPoints)]);
    const record = content.map(([path]) => `${path},,\n`).join('');
    content.push([`${about}/RECORD`, Buffer.from(`${record}${about}/RECORD,,\n`)]);
    writeFileSync(join(folder, `${name}-${field('Version')}-${tag}.whl`), zip(content));
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}

/** The metadata of an installed package; what an egg requires is kept in a file apart. */
function readMetadata(information: string): string {
  if (!statSync(information).isDirectory()) return readFileSync(information, 'utf8');
  if (information.endsWith('.dist-info')) return readFileSync(join(information, 'METADATA'), 'utf8');
  const text = readFileSync(join(information, 'PKG-INFO'), 'utf8');
  const requires = join(information, 'requires.txt');
  if (!existsSync(requires) || /^Requires-Dist:/m.test(text)) return text;
  const needed = readFileSync(requires, 'utf8').split('\n[')[0]!.split('\n').filter(Boolean);
  const [head, ...rest] = text.split('\n\n');
  return [`${head!.trimEnd()}${needed.map((name) => `\nRequires-Dist: ${name}`).join('')}`, ...rest].join('\n\n');
}

function filesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow(folder, path);
      // links may lead to files of packages that are not there
      return existsSync(join(folder, path)) ? [path] : [];
    });
}

/** Debian's name for an upstream archive, as pip expects it: `psycopg2-2.9.10.tar.gz` with one folder in it. */
async function packSource(archive: string, folder: string): Promise<void> {
  const [, name, version] = /^(.+)_(.+)\.orig\.tar\./.exec(basename(archive))!;
  const parts = mkdtempSync(join(tmpdir(), 'rehull-lab-source-'));
  const top = `${name}-${version}`;
  const script = 'mkdir "$1/$2"; tar -xf "$3" -C "$1/$2" --strip-components=1; tar -czf "$1/out" -C "$1" "$2"';
  await bash(script, [parts, top, archive], 60);
  const target = join(folder, `${top}.tar.gz`);
  await bash('cp "$1/out" "$2.part"', [parts, target], 20);
  renameSync(`${target}.part`, target);
  rmSync(parts, { recursive: true, force: true });
}
