import { CURL_PACKAGES, CURL_TOOLS, FULL_PACKAGES, FULL_TOOLS, SCM_PACKAGES, SCM_TOOLS } from '../buildpack-deps.ts';
import type { Brings } from '../source-image.ts';
import type { BuiltTag, KnownImage } from './known-image.ts';

/**
 * Official images of languages other than Java and PHP. Source: the public Dockerfiles of Docker Official Images;
 * Python, Node.js, Go, Ruby and Rust were read for the lines of 2026, the rest is known in general.
 */

const SYSTEM = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Tools and packages: buildpack-deps where the tag is a full Debian one, else what is given. */
function layers(
  tag: BuiltTag,
  own: readonly string[],
  slim: { readonly tools?: readonly string[]; readonly packages?: readonly string[] },
  alpine: { readonly tools?: readonly string[]; readonly packages?: readonly string[] },
): Pick<Brings, 'tools' | 'packages'> {
  if (tag.family === 'alpine') return { tools: [...own, ...(alpine.tools ?? [])], packages: alpine.packages ?? [] };
  if (tag.has('slim')) return { tools: [...own, ...(slim.tools ?? [])], packages: slim.packages ?? [] };
  return { tools: [...own, ...FULL_TOOLS], packages: FULL_PACKAGES };
}

const SLIM_TLS = { tools: ['openssl', 'update-ca-certificates'], packages: ['ca-certificates'] };

function python(tag: BuiltTag): Partial<Brings> {
  const old = tag.version?.startsWith('2') === true;
  const own = [
    'python',
    'pip',
    ...(old ? ['python2', 'pip2'] : ['python3', 'pip3', 'pydoc3', 'python3-config', 'idle3']),
  ];
  const built = layers(
    tag,
    own,
    { tools: SLIM_TLS.tools, packages: ['ca-certificates', 'netbase', 'tzdata'] },
    { packages: ['ca-certificates', 'tzdata'] },
  );
  return {
    ...built,
    ...(built.packages === FULL_PACKAGES
      ? { packages: [...FULL_PACKAGES, 'libbluetooth-dev', 'tk-dev', 'uuid-dev'] }
      : {}),
    cmd: [old ? 'python2' : 'python3'],
    environment: {
      PATH: `/usr/local/bin:${SYSTEM}`,
      // dropped with Python 3.13
      ...(tag.version === undefined || /^3(?:\.1[3-9])?$|^3\.1[3-9]\./.test(tag.version) ? {} : { LANG: 'C.UTF-8' }),
    },
  };
}

function node(tag: BuiltTag): Partial<Brings> {
  const major = Number.parseInt(tag.version ?? '0', 10);
  const own = ['node', 'nodejs', 'npm', 'npx', 'docker-entrypoint.sh'];
  // Node.js 25 dropped corepack, the images of 26 dropped yarn
  if (major >= 16 && major < 25) own.push('corepack');
  if (major > 0 && major < 26) own.push('yarn', 'yarnpkg');
  return {
    ...layers(tag, own, {}, { packages: ['libstdc++'] }),
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['node'],
    users: { node: '1000:1000' },
  };
}

function golang(tag: BuiltTag): Partial<Brings> {
  const own = ['go', 'gofmt'];
  const build = ['gcc', 'g++', 'cc', 'c++', 'cpp', 'make', 'pkg-config', 'ld', 'as', 'ar', 'nm', 'ranlib', 'strip'];
  return {
    ...(tag.family === 'alpine'
      ? { tools: own, packages: ['ca-certificates'] }
      : {
          tools: [...own, ...build, 'objcopy', 'objdump', 'readelf', ...SCM_TOOLS],
          packages: [...SCM_PACKAGES, 'g++', 'gcc', 'libc6-dev', 'make', 'pkg-config'],
        }),
    workdir: '/go',
    environment: {
      PATH: `/go/bin:/usr/local/go/bin:${SYSTEM}`,
      GOPATH: '/go',
      ...(tag.version !== undefined && /^1\.(?:\d|1\d|20)(?:\.|$)/.test(tag.version) ? {} : { GOTOOLCHAIN: 'local' }),
    },
  };
}

function rust(tag: BuiltTag): Partial<Brings> {
  const linker = ['gcc', 'cc', 'ld', 'as', 'ar', 'nm', 'ranlib', 'strip'];
  return {
    ...layers(
      tag,
      ['cargo', 'rustc', 'rustup', 'rustdoc'],
      { tools: [...linker, ...SLIM_TLS.tools], packages: ['ca-certificates', 'gcc', 'libc6-dev'] },
      { tools: linker, packages: ['ca-certificates', 'gcc', 'musl-dev'] },
    ),
    environment: {
      RUSTUP_HOME: '/usr/local/rustup',
      CARGO_HOME: '/usr/local/cargo',
      PATH: `/usr/local/cargo/bin:${SYSTEM}`,
    },
  };
}

function ruby(tag: BuiltTag): Partial<Brings> {
  return {
    ...layers(tag, ['ruby', 'gem', 'bundle', 'bundler', 'irb', 'rake', 'erb', 'rdoc', 'ri'], SLIM_TLS, {}),
    cmd: ['irb'],
    environment: {
      LANG: 'C.UTF-8',
      GEM_HOME: '/usr/local/bundle',
      BUNDLE_SILENCE_ROOT_WARNING: '1',
      BUNDLE_APP_CONFIG: '/usr/local/bundle',
      PATH: `/usr/local/bundle/bin:${SYSTEM}`,
    },
  };
}

function perl(tag: BuiltTag): Partial<Brings> {
  return {
    ...layers(tag, ['perl', 'cpanm', 'cpan', 'prove'], SLIM_TLS, {}),
    // `perl5.40.1 -de0`: its name holds the patch level
    cmd: undefined,
    workdir: '/usr/src/app',
  };
}

const JIT = { environment: { LANG: 'C.UTF-8' } };

/** Official images of languages, each under its name. */
export const LANGUAGES: readonly KnownImage[] = [
  { name: 'python', hardened: 'python', family: 'debian', brings: python },
  { name: 'node', hardened: 'node', family: 'debian', brings: node },
  { name: 'golang', hardened: 'golang', family: 'debian', brings: golang },
  { name: 'rust', hardened: 'rust', family: 'debian', brings: rust },
  { name: 'ruby', hardened: 'ruby', family: 'debian', brings: ruby },
  { name: 'perl', hardened: 'perl', family: 'debian', brings: perl },
  {
    name: 'erlang',
    hardened: 'erlang-otp',
    family: 'debian',
    brings: (tag) => ({ ...layers(tag, ['erl', 'erlc', 'escript', 'rebar3'], {}, {}), cmd: ['erl'] }),
  },
  {
    name: 'elixir',
    hardened: 'elixir',
    family: 'debian',
    brings: (tag) => ({
      ...layers(tag, ['elixir', 'elixirc', 'iex', 'mix', 'erl', 'erlc', 'escript', 'rebar3'], {}, {}),
      cmd: ['iex'],
      ...JIT,
    }),
  },
  {
    name: 'dart',
    hardened: 'dart',
    family: 'debian',
    brings: () => ({
      tools: ['dart', 'git', 'ssh', ...CURL_TOOLS],
      packages: [...CURL_PACKAGES, 'git', 'openssh-client'],
      environment: { DART_SDK: '/usr/lib/dart', PATH: `/usr/lib/dart/bin:${SYSTEM}` },
      workdir: '/root',
    }),
  },
  {
    name: 'r-base',
    hardened: 'r-base',
    family: 'debian',
    brings: () => ({ cmd: ['R'], users: { docker: '1000:1000' } }),
  },
  { name: 'haskell', family: 'debian', reason: 'the catalog has no Haskell image' },
  {
    name: 'swift',
    family: 'ubuntu',
    reason: 'the catalog has no Swift image; compile in a stage of its own, and copy the program into one on ubuntu',
    refine: (tag) =>
      tag.words.includes('slim')
        ? {
            hardened: 'debian-base',
            substitute: true,
            distribution: true,
            reason: 'the program brings the libraries of Swift from the stage that compiles it',
          }
        : {},
  },
  { name: 'julia', family: 'debian', reason: 'the catalog has no Julia image' },
  { name: 'pypy', family: 'debian', reason: 'the catalog has no PyPy image' },
  {
    name: 'gcc',
    hardened: 'debian-base',
    substitute: true,
    family: 'debian',
    // the version is that of GCC
    alongside: [],
    reason: 'the catalog has no GCC image; Debian 13 compiles with GCC 14',
    brings: () => ({ tools: [...FULL_TOOLS, 'gfortran'], packages: FULL_PACKAGES }),
  },
  { name: 'mono', family: 'debian', reason: 'the catalog has no Mono image' },
];
