import type { ElfFile } from '../elf/read-elf.ts';

/** What is remembered of a file's content. Contents that may be secret are never kept. */
export interface FileFacts {
  readonly elf?: ElfFile;
  /** what stands behind `#!`, with the carriage return where there is one */
  readonly interpreterLine?: string;
  /** directories that a dynamic loader has built in */
  readonly loaderPaths?: readonly string[];
  /** the whole content of a small file that is needed later */
  readonly content?: Buffer;
  /** stored with holes: nothing is known of its content */
  readonly unread?: true;
  /** which kind of secret it holds */
  readonly secret?: string;
  /** packages of a language that it tells of */
  readonly packages?: readonly NamedPackage[];
  /** of a list of files: what they take together */
  readonly recordedBytes?: number;
}

export interface NamedPackage {
  readonly name: string;
  readonly version: string;
}

export const noFacts: FileFacts = Object.freeze({});

/** Files of which more than their head is read. */
export interface Interest {
  /** path in the image, without leading slash */
  readonly path: RegExp;
  /** bytes that are read at most; a file that must be whole and is larger is refused */
  readonly bytes: number | 'whole';
  read(content: Buffer, path: string): FileFacts;
}

const keep = (content: Buffer): FileFacts => ({ content: Buffer.from(content) });

/** Folders of packages: what lies in them is not the image's own secret. */
const packageFolder =
  /(?:^|\/)(?:site-packages|dist-packages|node_modules|gems|vendor)\/|^(?:usr\/)?(?:lib|share|local\/lib|local\/share)\//;
const privateKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/;

const secretIn = (pattern: RegExp, kind: string) => (content: Buffer) =>
  pattern.test(content.toString('latin1')) ? { secret: kind } : noFacts;

const longestName = 214;

/** A document of a package manager; one that is cut or damaged tells of nothing. */
const packagesIn =
  (read: (document: unknown) => readonly (readonly [name: unknown, version: unknown])[]) =>
  (content: Buffer): FileFacts => {
    let pairs: readonly (readonly [unknown, unknown])[];
    try {
      pairs = read(JSON.parse(content.toString('utf8')));
    } catch {
      return noFacts;
    }
    const packages = pairs.flatMap(([name, version]) => (isName(name) && isName(version) ? [{ name, version }] : []));
    return packages.length === 0 ? noFacts : { packages };
  };

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= longestName;

interface Installed {
  readonly name?: unknown;
  readonly version?: unknown;
}

export const interests: readonly Interest[] = [
  { path: /^etc\/(?:passwd|group|os-release|ld\.so\.cache|ld-musl-[\w-]+\.path)$/, bytes: 'whole', read: keep },
  { path: /^usr\/lib\/os-release$/, bytes: 'whole', read: keep },
  // the databases of packages; a longer one than any distribution has is cut
  { path: /^var\/lib\/dpkg\/status$|^(?:usr\/)?lib\/apk\/db\/installed$/, bytes: 16 << 20, read: keep },
  { path: /^var\/lib\/dpkg\/status\.d\/(?![^/]*\.md5sums$)[^/]+$/, bytes: 1 << 16, read: keep },
  {
    path: /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/,
    bytes: 1 << 18,
    read: packagesIn((document) => [[(document as Installed).name, (document as Installed).version]]),
  },
  {
    path: /(?:^|\/)vendor\/composer\/installed\.json$/,
    bytes: 8 << 20,
    read: packagesIn((document) => {
      const list = Array.isArray(document) ? document : (document as { packages?: unknown }).packages;
      return (list as readonly Installed[]).map(({ name, version }) => [name, version]);
    }),
  },
  {
    path: /\.deps\.json$/,
    bytes: 8 << 20,
    read: packagesIn((document) =>
      Object.entries((document as { libraries: Record<string, { type?: unknown }> }).libraries).flatMap(
        ([name, { type }]) => (type === 'package' ? [name.split('/', 2) as [string, string]] : []),
      ),
    ),
  },
  {
    path: /\.dist-info\/RECORD$/,
    bytes: 4 << 20,
    read: (content) => {
      const sizes = content.toString('latin1').matchAll(/,(\d{1,12})\r?$/gm);
      return { recordedBytes: [...sizes].reduce((sum, [, size]) => sum + Number(size), 0) };
    },
  },
  { path: /(?:^|\/)pyvenv\.cfg$/, bytes: 1 << 16, read: keep },
  {
    path: /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|[^/]+\.(?:pem|key|p8))$/,
    bytes: 1 << 14,
    read: (content, path) => (packageFolder.test(path) ? noFacts : secretIn(privateKey, 'a private key')(content)),
  },
  {
    path: /(?:^|\/)\.(?:npmrc|yarnrc(?:\.yml)?)$/,
    bytes: 1 << 14,
    read: secretIn(/_authToken|_password|_auth\b|npmAuthToken/, 'a registry token'),
  },
  {
    path: /(?:^|\/)(?:\.netrc|\.pypirc|\.git-credentials)$/,
    bytes: 1 << 14,
    read: secretIn(/password|:\/\/[^/\s]+:[^@\s]+@/i, 'a password'),
  },
  {
    path: /(?:^|\/)\.docker\/config\.json$/,
    bytes: 1 << 16,
    read: secretIn(/"(?:auth|identitytoken)"\s*:\s*"[^"]/, 'a registry login'),
  },
  { path: /(?:^|\/)\.aws\/credentials$/, bytes: 1 << 14, read: secretIn(/aws_secret_access_key/i, 'an access key') },
  {
    path: /(?:^|\/)\.env(?:\.(?!example|sample|template|dist|defaults?$)[^/]+)?$/,
    bytes: 1 << 14,
    read: (content, path) => (packageFolder.test(path) ? noFacts : secretIn(/\S/, 'an environment file')(content)),
  },
];
