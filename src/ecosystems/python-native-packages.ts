import type { ProjectReader } from '../context/project-reader.ts';
import type { Adaptation, BuildView } from './ecosystem.ts';

/*
 * Packages of PyPI that are compiled on installation, because they publish no wheels, or none for musl; and the system
 * packages that this takes. What their compiled files are linked to is found by looking at the files themselves.
 */

/** System packages that compiling takes: names in Debian 13, and in Alpine. */
interface Needs {
  readonly debian: string;
  readonly alpine: string;
}

/** Published as source alone: compiled on every image. */
const sourceOnly: ReadonlyMap<string, Needs> = new Map([
  ['bjoern', { debian: 'libev-dev', alpine: 'libev-dev' }],
  ['dbus-python', { debian: 'libdbus-1-dev libglib2.0-dev pkg-config', alpine: 'dbus-dev glib-dev pkgconf' }],
  ['gdal', { debian: 'g++ libgdal-dev', alpine: 'g++ gdal-dev' }],
  ['mysqlclient', { debian: 'default-libmysqlclient-dev pkg-config', alpine: 'mariadb-connector-c-dev pkgconf' }],
  ['pyaudio', { debian: 'portaudio19-dev', alpine: 'portaudio-dev' }],
  ['pycairo', { debian: 'libcairo2-dev pkg-config', alpine: 'cairo-dev pkgconf' }],
  [
    'pygobject',
    { debian: 'libgirepository-2.0-dev libcairo2-dev pkg-config', alpine: 'gobject-introspection-dev pkgconf' },
  ],
  ['pygraphviz', { debian: 'libgraphviz-dev pkg-config', alpine: 'graphviz-dev pkgconf' }],
  ['pylibmc', { debian: 'libmemcached-dev zlib1g-dev', alpine: 'libmemcached-dev zlib-dev' }],
  ['pycups', { debian: 'libcups2-dev', alpine: 'cups-dev' }],
  ['psycopg2', { debian: 'libpq-dev', alpine: 'libpq-dev' }],
  ['psycopg-c', { debian: 'libpq-dev', alpine: 'libpq-dev' }],
  ['python-ldap', { debian: 'libldap-dev libsasl2-dev', alpine: 'openldap-dev' }],
  ['pyrfc', { debian: 'g++', alpine: 'g++' }],
  ['rjsmin', { debian: '', alpine: '' }],
  ['systemd-python', { debian: 'libsystemd-dev pkg-config', alpine: 'elogind-dev pkgconf' }],
  ['uwsgi', { debian: '', alpine: 'linux-headers' }],
  ['xmlsec', { debian: 'libxmlsec1-dev pkg-config', alpine: 'xmlsec-dev pkgconf' }],
]);

/** Without wheels for musl in some or all of their versions. */
const withoutMuslWheels: ReadonlyMap<string, string> = new Map([
  ['confluent-kafka', 'librdkafka-dev'],
  ['grpcio-tools', 'g++ linux-headers'],
  ['numba', 'g++'],
  ['pymssql', 'freetds-dev'],
  ['pyodbc', 'g++ unixodbc-dev'],
  ['python-snappy', 'g++ snappy-dev'],
  ['scikit-learn', 'g++ gfortran openblas-dev'],
  ['scipy', 'g++ gfortran openblas-dev'],
]);

/** What the packages of some requirements take to be installed. */
export interface NativeNeeds {
  /** packages of PyPI that are compiled */
  readonly compiled: readonly string[];
  /** system packages to install in the build stage, compiler and headers of the C library included; sorted */
  readonly packages: readonly string[];
}

/** What compiling some of these packages of PyPI takes; nothing where none is known to be compiled. */
export function nativeNeeds(names: readonly string[], family: 'debian' | 'alpine'): NativeNeeds {
  const compiled = new Set<string>();
  const packages = new Set<string>();
  for (const written of names) {
    const name = normalised(written);
    const needs = sourceOnly.get(name)?.[family] ?? (family === 'alpine' ? withoutMuslWheels.get(name) : undefined);
    if (needs === undefined) continue;
    compiled.add(name);
    for (const each of needs.split(' ')) if (each !== '') packages.add(each);
  }
  if (compiled.size > 0)
    for (const each of family === 'debian' ? ['gcc', 'libc6-dev'] : ['gcc', 'musl-dev']) packages.add(each);
  return { compiled: [...compiled].sort(), packages: [...packages].sort() };
}

/** The name of a package as indexes compare it. */
function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/**
 * The packages that a requirements file, `pyproject.toml`, `Pipfile` or lockfile of the project names, those of the
 * files it includes too; undefined where one of them cannot be read.
 */
export function requirementsOf(project: ProjectReader, path: string, depth = 0): readonly string[] | undefined {
  const text = project.read(path);
  if (text === undefined || depth > 4) return undefined;
  if (/(^|\/)(uv|poetry|pdm)\.lock$/.test(path))
    return [...text.matchAll(/^name = "([\w.-]+)"/gm)].map((match) => match[1]!);
  if (/(^|\/)Pipfile\.lock$/.test(path)) return [...text.matchAll(/^ {8}"([\w.-]+)": \{/gm)].map((match) => match[1]!);
  if (/\.toml$|(^|\/)Pipfile$/.test(path)) return namesInToml(text);
  const names: string[] = [];
  for (const line of text.split('\n')) {
    const included = /^\s*(?:-r|--requirement|-c|--constraint)[\s=]+(\S+)/.exec(line);
    if (included !== null) {
      const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
      const inner = requirementsOf(project, folder + included[1]!, depth + 1);
      if (inner === undefined) return undefined;
      names.push(...inner);
      continue;
    }
    const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(line)?.[1];
    if (name !== undefined) names.push(name);
  }
  return names;
}

/** Every requirement and every key of a table that may be one: more than there are, never less. */
function namesInToml(text: string): string[] {
  return [
    ...[...text.matchAll(/^\s*["']?([A-Za-z0-9][\w.-]*)["']?\s*=/gm)].map((match) => match[1]!),
    ...[...text.matchAll(/["']([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]\n]*\])?\s*(?:[<>=!~;@ ][^"'\n]*)?["']/g)].map(
      (match) => match[1]!,
    ),
  ];
}

/** GeoDjango's libraries, which it finds with `ldconfig -p` or a compiler: a runtime image holds neither. */
const geoLibraries = /^(gdal-bin|libgdal\d*|libgdal-dev|gdal-dev|gdal|libgeos-c\S*|libgeos-dev|geos|geos-dev)$/;

/** What a Django project that installs GDAL has to say for its libraries to be found. */
export function geoDjangoReview(view: BuildView): Adaptation['reviews'] {
  const said = view.chain.flatMap((index) => view.stages[index]!.instructions);
  const isDjango =
    view.start?.some((word) => /\.(wsgi|asgi)\b|^manage\.py$/.test(word)) === true ||
    said.some(({ commands }) => commands.some(({ argv }) => argv.includes('manage.py')));
  const item = said.find(({ commands }) =>
    commands.some(
      ({ invocation }) =>
        invocation?.scope === 'system' && invocation.packages.some(({ name }) => geoLibraries.test(name)),
    ),
  );
  if (!isDjango || item === undefined || typeof view.environment.get('GDAL_LIBRARY_PATH') === 'string') return [];
  return [
    {
      instruction: item.instruction,
      message: 'GeoDjango may not find GDAL and GEOS in the runtime image',
      why: 'it asks ldconfig or a compiler where they are, and a runtime image holds neither',
      fix: 'set GDAL_LIBRARY_PATH and GEOS_LIBRARY_PATH in the settings to the files of these libraries, where the project uses GeoDjango',
    },
  ];
}
