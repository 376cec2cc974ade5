/** Why something failed, as the rule that knows it says. */
export interface Cause {
  /** a rule of the checklist, or of inspect; undefined for what is not about hardening */
  readonly rule: string | undefined;
  /** one sentence without a full stop */
  readonly reason: string;
  readonly fix: string;
  /** the line that told it */
  readonly evidence: string;
}

interface Known {
  readonly rule: string | undefined;
  readonly pattern: RegExp;
  readonly reason: (found: readonly string[]) => string;
  readonly fix: (found: readonly string[]) => string;
}

const noShell = {
  rule: 'no-shell-at-runtime',
  reason: () => 'the image has no shell',
  fix: () => 'move RUN into a build stage on the -dev image, and write CMD, ENTRYPOINT and HEALTHCHECK in exec form',
};
const unwritable = {
  rule: 'writable-paths',
  reason: ([path]: readonly string[]) => `the user of the image may not write to ${path}`,
  fix: () => 'make the folder in the build stage and copy it with --chown for the user of the image, or mount a volume',
};
const lowPort = {
  rule: 'ports',
  reason: ([port]: readonly string[]) =>
    `${port === undefined ? 'a port below 1024' : `port ${port}`} takes rights that the migrated program does not have`,
  fix: () => 'listen above 1024, and publish that port instead',
};
const missingFile = {
  rule: 'build-and-runtime-stages',
  fix: ([path]: readonly string[]) => `copy ${path} into the final stage`,
};

/**
 * What builders, engines and programs say when something is missing or forbidden: the first that fits a line explains
 * it. Every pattern is matched against one line of bounded length.
 */
const known: readonly Known[] = [
  { ...noShell, pattern: /exec: \\?"(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh\\?":/ },
  { ...noShell, pattern: /exec (?:\/usr)?\/bin\/(?:ba|da|a)?sh: no such file or directory/ },
  // crun, which podman starts programs with
  { ...noShell, pattern: /executable file `(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh` not found/ },
  {
    rule: 'missing-interpreter',
    pattern: /exec (\.{0,2}\/[^\s:]+): no such file or directory/,
    reason: ([path]) => `${path}, its interpreter or its loader is not in the image`,
    fix: () =>
      'copy it from the build stage; a script needs the interpreter of its first line, a binary the C library of its kind',
  },
  {
    rule: 'missing-interpreter',
    pattern: /exec container process (?:\(missing dynamic library\?\) )?`(\/[^`]{1,300})`: No such file or directory/,
    reason: ([path]) => `${path}, its interpreter or its loader is not in the image`,
    fix: () =>
      'copy it from the build stage; a script needs the interpreter of its first line, a binary the C library of its kind',
  },
  {
    rule: 'entry-point',
    pattern:
      /(?:exec: \\?"|executable file `)([^"\\`]{1,300})(?:\\?": (?:executable file not found|stat [^:]*: no such file)|` not found)/,
    reason: ([program]) => `${program} is not in the image`,
    fix: ([program]) => `start a program that the image has, or copy ${program} from the build stage`,
  },
  {
    rule: 'program-not-executable',
    pattern: /exec: \\?"([^"\\]{1,300})\\?": permission denied/,
    reason: ([program]) => `the user of the image may not execute ${program}`,
    fix: () => 'give it to the user, or let everybody execute it, in the build stage',
  },
  {
    rule: 'program-format',
    pattern: /exec format error/i,
    reason: () => 'the program is neither a binary for this machine nor a script with #!',
    fix: () => 'build it for the platform of the image, or begin the script with its interpreter',
  },
  {
    rule: 'nonroot-user',
    pattern: /unable to find (?:user|group) ([^\s:]{1,100}): no matching entries/,
    reason: ([user]) => `${user} is not in /etc/passwd or /etc/group of the image`,
    fix: () => 'name a user that the image has, or a number',
  },
  {
    rule: 'working-directory',
    pattern: /(?:OCI runtime|runc).*(?:chdir to cwd|mkdir) \(?\\?"?(\/[^\s"\\)]{1,300})/,
    reason: ([path]) => `the user of the image may not enter ${path}`,
    fix: () => 'copy the folder with --chown for the user of the image',
  },
  {
    rule: 'missing-library',
    pattern:
      /(?:error while loading shared libraries: |ImportError: |OSError: |Error: |Error loading shared library )((?:[\w.+-]{1,100}\/)*[\w.+-]{1,100}\.so[.\d]*)(?:: cannot open shared object file|: No such file)/,
    reason: ([library]) => `${library} is not in the image`,
    fix: ([library]) => `copy ${library} from the build stage, with the libraries that it needs in turn`,
  },
  {
    rule: 'library-too-old',
    pattern: /version [`'](GLIBC(?:XX)?_[\d.]+)' not found/,
    reason: ([version]) => `the program was linked to a newer C library than the image has: it needs ${version}`,
    fix: () => 'build it on the -dev image of the same distribution release',
  },
  {
    rule: 'packages-only-while-building',
    pattern: /(?:^|[\s:])((?:apt-get|apt|apk|dnf|microdnf|yum|pip3?|npm|yarn|gem|bundle)): (?:command )?not found/,
    reason: ([manager]) => `${manager} is not in the image`,
    fix: ([manager]) => `install with ${manager} in a build stage on the -dev image, and copy the result`,
  },
  {
    rule: 'package-names',
    pattern: /E: (?:Unable to locate package |Package '?|Couldn't find any package[^']*')([\w.+-]{1,100})/,
    reason: ([name]) => `the distribution of the hardened image has no package ${name}`,
    fix: () => 'use the name that the package has in the distribution of the -dev image',
  },
  { ...lowPort, pattern: /EACCES[^:]*: permission denied [^\s]*:(\d{1,4})(?!\d)/ },
  { ...lowPort, pattern: /bind\(?\)?[^\n]{0,80}:(\d{1,4})\b[^\n]{0,40}(?:13: )?permission denied/i },
  { ...lowPort, pattern: /listen tcp[46]? [^\s]*:(\d{1,4}): bind: permission denied/ },
  { ...lowPort, pattern: /connection to \([^,]{1,100}, (\d{1,4})\) failed: .*permission denied/i },
  { ...lowPort, pattern: /(?:could not bind|make_sock|cannot bind|binding)[^\n]{0,80}:(\d{1,4})\b/i },
  {
    rule: 'nonroot-user',
    pattern: /(set[ug]id|setgroups|initgroups|chown|chmod|setcap)\b[^\n]{0,200}operation not permitted/i,
    reason: ([call]) => `the program calls ${call}, which only root may`,
    fix: () => 'do it in the build stage, and start the program as the user of the image',
  },
  {
    rule: 'read-only-root',
    pattern: /read-only file system:? ?'?(\/[^\s'"]{1,300})?|EROFS[^']{0,100}'(\/[^']{1,300})'/i,
    reason: ([path, other]) => `the program writes to ${path ?? other ?? 'its root file system'}, which is read-only`,
    fix: () => 'mount a volume or a tmpfs there',
  },
  { ...unwritable, pattern: /PermissionError: \[Errno 13\][^']{0,100}'(\/[^']{1,300})'/ },
  { ...unwritable, pattern: /EACCES: permission denied, \w+ '([^']{1,300})'/ },
  { ...unwritable, pattern: /(?:open|mkdir|create|remove|unlink|rename) (\/[^\s:]{1,300}): permission denied/i },
  { ...unwritable, pattern: /AccessDeniedException: (\/[^\s]{1,300})/ },
  { ...unwritable, pattern: /(\/[^\s:'"]{1,300})['"]?:? (?:failed )?\(?(?:\d+: )?permission denied/i },
  { ...unwritable, pattern: /permission denied @ \w+ - (\/[^\s]{1,300})/i },
  {
    ...missingFile,
    pattern: /(?:ModuleNotFoundError: No module named|ImportError: No module named) '?([\w.]{1,200})/,
    reason: ([module]) => `the Python module ${module} is not in the image`,
  },
  {
    ...missingFile,
    pattern: /Cannot find (?:module|package) '([^']{1,300})'/,
    reason: ([module]) => `the Node.js module ${module} is not in the image`,
  },
  {
    ...missingFile,
    pattern: /(?:Could not find or load main class|ClassNotFoundException:|Unable to access jarfile) ([^\s]{1,300})/,
    reason: ([name]) => `${name} is not in the image`,
  },
  {
    ...missingFile,
    pattern: /cannot load such file -- ([^\s)]{1,300})/,
    reason: ([name]) => `the Ruby file ${name} is not in the image`,
  },
  {
    rule: 'tls-certificates',
    pattern:
      /x509: certificate signed by unknown authority|CERTIFICATE_VERIFY_FAILED|unable to get local issuer certificate|PKIX path building failed/,
    reason: () => 'a TLS certificate is signed by an authority that the image does not know',
    fix: () => 'copy the certificate of the authority into the image; the public ones are there',
  },
  {
    rule: 'build-and-runtime-stages',
    pattern: /ZoneInfoNotFoundError|unknown time zone|tzdata[^\n]{0,80}(?:missing|not found)/i,
    reason: () => 'the time zones are not in the image',
    fix: () => 'carry tzdata into the final stage',
  },
  {
    ...missingFile,
    pattern: /(?:FileNotFoundError:[^']{0,100}|ENOENT: no such file or directory, \w+ )'([^']{1,300})'/,
    reason: ([path]) => `${path} is not in the image`,
  },
  {
    ...missingFile,
    pattern: /(?:open|stat|lstat|fork\/exec) (\/[^\s:]{1,300}): no such file or directory/,
    reason: ([path]) => `${path} is not in the image`,
  },
  {
    rule: undefined,
    pattern:
      /pull access denied|401 Unauthorized|unauthorized: |authentication required|insufficient_scope|no basic auth credentials/i,
    reason: () => 'the registry wants to know who asks',
    fix: () => 'docker login dhi.io, or the registry that the file names',
  },
  {
    rule: 'version-and-tag',
    pattern:
      /manifest (?:unknown|for [^\s]{1,300} not found)|: not found: manifest|failed to resolve source metadata for ([^\s:]{1,300}(?::[\w.-]{1,128})?)/,
    reason: ([image]) => `the registry has no ${image ?? 'image of that name'}, or it is not reached`,
    fix: () => 'check the tag with rehull catalog show, and that this machine reaches the registry',
  },
  {
    rule: undefined,
    pattern: /no space left on device/i,
    reason: () => 'the disk is full',
    fix: () => 'free some space: docker system df shows what the engine holds',
  },
  {
    rule: undefined,
    pattern:
      /(?:temporary failure (?:in name resolution|resolving)|could not resolve host|EAI_AGAIN|no such host|network is unreachable|connection timed out)/i,
    reason: () => 'the network is not reached',
    fix: () => 'check the connection, a proxy, and the network that builds are given',
  },
];

const longestLine = 1000;
const mostLines = 2000;

/** What is known of the failures that a text tells of, the last line first, each cause once. */
export function explain(text: string): Cause[] {
  const found = new Map<string, Cause>();
  const lines = text.split(/[\r\n]+/).slice(-mostLines);
  for (const line of lines.reverse()) {
    const short = line.slice(0, longestLine);
    for (const { rule, pattern, reason, fix } of known) {
      const match = pattern.exec(short);
      if (match === null) continue;
      const parts = match.slice(1);
      const cause = { rule, reason: reason(parts), fix: fix(parts), evidence: short.trim() };
      if (!found.has(cause.reason)) found.set(cause.reason, cause);
      break;
    }
  }
  return [...found.values()];
}
