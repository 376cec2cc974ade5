import type { InstalledLanguage } from './language-of-packages.ts';

/** Where language runtimes are downloaded from: the hardened image of the language, addresses, variables that hold the version. */
interface Download {
  readonly image: InstalledLanguage['image'];
  readonly title: string;
  readonly address: RegExp;
  readonly variables: readonly string[];
  /** what such a runtime starts when it is given nothing */
  readonly own: RegExp;
}

/* Source: the download pages of each project, and the Dockerfiles of the official images. */
const DOWNLOADS: readonly Download[] = [
  {
    image: 'node',
    title: 'Node.js',
    address:
      /\bnodejs\.org\/(?:dist|download)\/(?:\w+\/)?(?:v(\d+(?:\.\d+)*)|latest-v(\d+)|)|\bnvm install v?(\d+(?:\.\d+)*)?/,
    variables: ['NODE_VERSION', 'NODEJS_VERSION', 'NODE_VER'],
    own: /^(node|docker-entrypoint\.sh)$/,
  },
  {
    image: 'python',
    title: 'Python',
    address: /\bpython\.org\/ftp\/python\/(\d+(?:\.\d+)*)?|\bpyenv install (?:-\w+ )?(\d+(?:\.\d+)*)?/,
    variables: ['PYTHON_VERSION'],
    own: /^python[\d.]*$/,
  },
  {
    image: 'php',
    title: 'PHP',
    address: /\bphp\.net\/(?:distributions|get)\/(?:php-(\d+(?:\.\d+)*))?|\$\{?PHP_URL\b/,
    variables: ['PHP_VERSION'],
    own: /^(php|php-fpm|docker-php-entrypoint|apache2-foreground)$/,
  },
  {
    image: 'golang',
    title: 'Go',
    address: /\b(?:dl\.google\.com\/go|go\.dev\/dl|golang\.org\/dl|github\.com\/golang)\/(?:go(\d+(?:\.\d+)*))?/,
    variables: ['GOLANG_VERSION', 'GO_VERSION'],
    own: /^(go|bash|sh)$/,
  },
  {
    image: 'eclipse-temurin',
    title: 'Java',
    address:
      /\b(?:github\.com\/adoptium\/temurin(\d+)-binaries|api\.adoptium\.net|github\.com\/AdoptOpenJDK|download\.java\.net\/java|download\.oracle\.com\/(?:java|graalvm)\/(\d+)?|cdn\.azul\.com|corretto\.aws\/downloads)|\$\{?JAVA_PKG\b|\bsdk install java (\d+)?/,
    variables: ['JAVA_VERSION', 'JDK_VERSION', 'JAVA_MAJOR_VERSION'],
    own: /^(jshell|java)$/,
  },
  {
    image: 'ruby',
    title: 'Ruby',
    address: /\bcache\.ruby-lang\.org\/pub\/ruby\/(\d+(?:\.\d+)*)?|\$\{?RUBY_DOWNLOAD_URL\b/,
    variables: ['RUBY_VERSION'],
    own: /^(irb|ruby)$/,
  },
];

/** A language runtime that a RUN downloads. */
export interface DownloadedRuntime {
  readonly image: InstalledLanguage['image'];
  readonly title: string;
  readonly version: string | undefined;
  /** whether a program is the runtime itself, and none of the project's */
  readonly isOwn: (program: string) => boolean;
}

/** Whether a RUN calls a version manager, which puts runtimes below a home folder: nvm, pyenv, SDKMAN. */
export function callsVersionManager(text: string): boolean {
  return /\b(nvm|pyenv|sdk) install\b/.test(text);
}

/** The runtime that the text of a RUN downloads; `get` gives the variables that it sees. */
export function downloadedRuntime(
  text: string,
  get: (name: string) => string | null | undefined,
): DownloadedRuntime | undefined {
  for (const { image, title, address, variables, own } of DOWNLOADS) {
    const found = address.exec(text);
    if (found === null) continue;
    const held = variables.map(get).find((value) => typeof value === 'string' && /\d/.test(value));
    const written = found.slice(1).find((group) => group !== undefined) ?? held ?? undefined;
    const version = written === undefined ? undefined : /\d+(?:\.\d+)*/.exec(written)?.[0];
    return { image, title, version, isOwn: (program) => own.test(program) };
  }
  return undefined;
}
