import { posix } from 'node:path';
import { lookUp } from '../execute.ts';
import { type ImageContext, ownership } from '../image-context.ts';
import type { ImageFinding } from '../image-finding.ts';
import { type LanguagePackage, languagePackages } from './language-packages.ts';
import { type InstalledPackage, installedPackages } from './packages.ts';

/** What an image has, apart from what it is for. */
export interface Contents {
  readonly release: string | undefined;
  readonly shells: readonly string[];
  readonly packageManagers: readonly string[];
  readonly buildTools: readonly string[];
  readonly privileged: readonly string[];
  readonly certificates: string | undefined;
  readonly timeZones: string | undefined;
  /** of the distribution */
  readonly packages: readonly InstalledPackage[];
  readonly languagePackages: readonly LanguagePackage[];
}

const shells = ['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'fish', 'busybox'];
const packageManagers = ['apt-get', 'apt', 'dpkg', 'apk', 'dnf', 'microdnf', 'yum', 'rpm', 'zypper', 'pacman', 'tdnf'];
const buildTools = [
  'gcc',
  'g++',
  'cc',
  'c++',
  'clang',
  'ld',
  'as',
  'make',
  'cmake',
  'ninja',
  'meson',
  'pkg-config',
  'go',
  'rustc',
  'cargo',
  'javac',
  'mvn',
  'gradle',
  'git',
];
const certificateFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/cert.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
];

export function readContents(context: ImageContext): Contents {
  const { tree, config } = context;
  const present = (names: readonly string[]) => names.flatMap((name) => lookUp(name, context)?.path ?? []);
  const privileged: string[] = [];
  for (const { path, entry } of tree.all()) {
    if (entry.kind === 'file' && (entry.mode & 0o6000) !== 0 && (entry.mode & 0o111) !== 0) privileged.push(path);
  }
  const certificates = [config.environment.get('SSL_CERT_FILE') ?? '', ...certificateFiles];
  const zones = tree.directory('/usr/share/zoneinfo');
  return {
    release: releaseName(tree.text('/etc/os-release') ?? tree.text('/usr/lib/os-release')),
    shells: [...new Set(present(shells))],
    packageManagers: [...new Set(present(packageManagers))],
    buildTools: [...new Set(present(buildTools))],
    privileged,
    certificates: certificates.find((path) => path !== '' && (tree.file(path)?.entry.size ?? 0) > 0),
    timeZones: zones !== undefined && zones.entry.children.size > 1 ? zones.path : undefined,
    packages: installedPackages(tree),
    languagePackages: languagePackages(tree),
  };
}

function releaseName(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /^PRETTY_NAME=["']?([^"'\n]*)/m.exec(text)?.[1];
}

export function checkContents(contents: Contents, context: ImageContext): ImageFinding[] {
  const { tree, user, config } = context;
  const findings: ImageFinding[] = [];
  const tell = (
    rule: ImageFinding['rule'],
    severity: ImageFinding['severity'],
    path: string | undefined,
    message: string,
    why: string | undefined,
    fix: string | undefined,
  ) =>
    findings.push({
      rule,
      severity,
      path,
      layer: path === undefined ? undefined : tree.find(path)?.entry.layer,
      message,
      why,
      fix,
    });

  const { privileged, packageManagers: managers, shells: present, buildTools: tools } = contents;
  if (privileged.length > 0) {
    const listed = several(privileged);
    const why =
      user.uid === 0
        ? 'they change nothing while the image runs as root'
        : 'whoever takes over the program may become another user with them';
    tell(
      'privileged-file',
      user.uid === 0 ? 'info' : 'review',
      privileged[0],
      `files with setuid or setgid: ${listed}`,
      why,
      'remove them, or run with no-new-privileges',
    );
  }
  if (managers.length > 0)
    tell(
      'package-manager',
      'info',
      managers[0],
      `a package manager is in the image: ${several(managers)}`,
      undefined,
      undefined,
    );
  if (present.length > 0)
    tell('shell', 'info', present[0], `a shell is in the image: ${several(present)}`, undefined, undefined);
  if (tools.length > 0)
    tell(
      'build-tools',
      'info',
      tools[0],
      `build tools are in the image: ${several(tools)}`,
      undefined,
      'build in a stage of its own, and copy the result',
    );
  for (const { path, bytes } of leftCaches(context)) {
    tell(
      'package-caches',
      'info',
      path,
      `${path} is a cache of ${megabytes(bytes)}`,
      undefined,
      'keep it out of the final stage',
    );
  }
  for (const { path, entry } of tree.all()) {
    if (entry.kind !== 'file' || entry.facts.secret === undefined) continue;
    tell(
      'secret-file',
      'review',
      path,
      `${path} holds ${entry.facts.secret}`,
      ownership(entry),
      'give it to the build with RUN --mount=type=secret, to the program when it runs',
    );
  }
  for (const [name, value] of config.environment) {
    if (!secretName.test(name) || value.length < 8 || /^(?:\/|https?:|\$)/.test(value)) continue;
    tell(
      'secret-in-environment',
      'review',
      undefined,
      `the environment of the image sets ${name}`,
      'whoever has the image reads it',
      'give it to the container when it starts',
    );
  }
  return findings;
}

const secretName = /(?:passw(?:or)?d|passphrase|token|secret|api_?key|(?:private|access|signing)_?key)$/i;

const caches =
  /^\/(?:var\/cache\/(?:apt|apk|dnf|yum|pip)|var\/lib\/apt\/lists|etc\/apk\/cache|(?:root|home\/[^/]+)\/(?:\.cache|\.npm|\.m2|\.gradle|\.nuget|\.cargo\/registry|\.yarn\/cache|\.composer\/cache|\.bundle\/cache|go\/pkg)|go\/pkg\/mod|usr\/local\/cargo\/registry|tmp\/npm-\w+)$/;
const leastCache = 64 << 10;

function leftCaches({ tree }: ImageContext): { path: string; bytes: number }[] {
  const found: { path: string; bytes: number }[] = [];
  for (const { path, entry } of tree.all()) {
    if (entry.kind !== 'directory' || !caches.test(path)) continue;
    let bytes = 0;
    for (const { entry: inside } of tree.walk(entry, path)) if (inside.kind === 'file') bytes += inside.size;
    if (bytes >= leastCache) found.push({ path, bytes });
  }
  return found;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function several(names: readonly string[]): string {
  const shown = names.slice(0, 6).map((name) => posix.basename(name));
  return `${[...new Set(shown)].join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`;
}
