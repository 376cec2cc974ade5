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

export const interests: readonly Interest[] = [
  { path: /^etc\/(?:passwd|group|os-release|ld\.so\.cache|ld-musl-[\w-]+\.path)$/, bytes: 'whole', read: keep },
  { path: /^usr\/lib\/os-release$/, bytes: 'whole', read: keep },
  // the databases of packages; a longer one than any distribution has is cut
  { path: /^var\/lib\/dpkg\/status$|^(?:usr\/)?lib\/apk\/db\/installed$/, bytes: 16 << 20, read: keep },
  { path: /^var\/lib\/dpkg\/status\.d\/(?![^/]*\.md5sums$)[^/]+$/, bytes: 1 << 16, read: keep },
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
