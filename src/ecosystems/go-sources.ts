import type { BuildView, StageView } from './ecosystem.ts';
import { chainOf, instructionsOf } from './recognise.ts';

/** What the project's own Go code says about the program. */
export interface GoSources {
  /** `import "C"`, or a module that is known to hold C */
  readonly usesC: boolean;
  /** calls that open files by name */
  readonly readsFiles: boolean;
}

const maxFiles = 2000;
const maxDepth = 12;

/** Modules whose code is C in part: they link with the libc. */
const cModules =
  /^(?:github\.com\/(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go|h2non\/bimg|davidbyttow\/govips|gographics\/imagick|DataDog\/zstd|valyala\/gozstd|libgit2\/git2go|linxGnu\/grocksdb|tecbot\/gorocksdb|bytecodealliance\/wasmtime-go|wasmerio\/wasmer-go|google\/gopacket|karalabe\/usb|miekg\/pkcs11|ThalesIgnite\/crypto11|chai2010\/webp|kolesa-team\/go-webp|pebbe\/zmq4|godror\/godror|ibmdb\/go_ibm_db|alexbrainman\/odbc|marcboeker\/go-duckdb|duckdb\/duckdb-go|supranational\/blst|coreos\/go-systemd\/v22\/sdjournal|lxc\/go-lxc|rakyll\/portmidi|veandco\/go-sdl2)|gocv\.io\/x\/gocv|rogchap\.com\/v8go|gopkg\.in\/(?:gographics\/imagick|h2non\/bimg).*)/;

/** Calls that open a file by its name, or hand a folder to something that does. */
const opens =
  /\b(?:os|ioutil)\.(?:Open|OpenFile|ReadFile|ReadDir|DirFS|OpenRoot|Stat|Lstat|Chdir)\b|\bfilepath\.(?:Glob|Walk|WalkDir)\b|\.(?:ParseFiles|ParseGlob|LoadHTMLGlob|LoadHTMLFiles|Static|StaticFile|StaticFS|ServeFile|ServeFiles|SendFile|File|ReadConfig|ReadInConfig|SetConfigFile|AddConfigPath)\(|\bhttp\.(?:Dir|ServeFile)\b|\bfile:\/\/|\bexec\.Command|\bplugin\.Open\b|\bLoadX509KeyPair\b|\bListenAndServeTLS\b/;
/** Modules that open files which their callers do not name. */
const openingModules =
  /"github\.com\/(?:joho\/godotenv|spf13\/viper|golang-migrate\/|knadh\/koanf|pressly\/goose|rubenv\/sql-migrate|gobuffalo\/|nicksnyder\/go-i18n|casbin\/|astaxie\/beego|beego\/|gogf\/|revel\/)/;

/** Reads the Go code that a stage gets from the project; undefined where it cannot be read whole. */
export function goSources(view: BuildView, stage: StageView): GoSources | undefined {
  const folders = new Set<string>();
  for (const { copy } of instructionsOf(view, chainOf(view, stage.index))) {
    if (copy === undefined || copy.from !== undefined) continue;
    for (const source of copy.sources) {
      const clean = source.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');
      folders.add(clean === '.' ? '' : clean.replace(/\/?[^/]*[*?[].*$/, ''));
    }
  }
  if (folders.size === 0) return undefined;
  const state = { files: 0, code: 0, usesC: false, readsFiles: false };
  for (const folder of folders) if (!visit(view, folder, state, 0)) return undefined;
  return state.code === 0 ? undefined : state;
}

interface Visit {
  files: number;
  code: number;
  usesC: boolean;
  readsFiles: boolean;
}

/** Reads a folder or file of the project into `state`; false where there is too much, or it cannot be read. */
function visit(view: BuildView, path: string, state: Visit, depth: number): boolean {
  if (depth > maxDepth) return false;
  const names = view.project.list(path);
  if (names === undefined) return visitFile(view, path, state);
  for (const name of names) {
    if (/^(?:vendor|testdata|node_modules|\..*)\/$/.test(name)) {
      if (name === 'vendor/') state.usesC = true;
      continue;
    }
    const below = path === '' ? name : `${path}/${name}`;
    if (name.endsWith('/') ? !visit(view, below.slice(0, -1), state, depth + 1) : !visitFile(view, below, state))
      return false;
  }
  return true;
}

function visitFile(view: BuildView, path: string, state: Visit): boolean {
  if (++state.files > maxFiles) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name !== 'go.mod' && (!name.endsWith('.go') || name.endsWith('_test.go'))) return true;
  const text = view.project.read(path);
  if (text === undefined) return false;
  if (name === 'go.mod') {
    if (text.split('\n').some((line) => cModules.test(line.trim().replace(/^require\s+/, '')))) state.usesC = true;
    return true;
  }
  state.code++;
  if (/^import\s+"C"/m.test(text) || /^\s+"C"\s*$/m.test(text)) state.usesC = true;
  if (opens.test(text) || openingModules.test(text)) state.readsFiles = true;
  return true;
}
