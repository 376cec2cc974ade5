import type { CodeFile } from './code-files.ts';

/** A place of Go code that makes a file or a folder. */
export interface WrittenPath {
  readonly path: string;
  /** 1-based */
  readonly line: number;
  /** as the code says it; undefined where it is put together */
  readonly target: string | undefined;
  readonly folder: boolean;
}

export const goFiles = /\.go$/;

/** Calls of Go that make something, and what their first argument is. */
const makes: readonly (readonly [call: RegExp, makesFolder: boolean])[] = [
  [/\bos\.Mkdir(?:All)?\(/g, true],
  [/\bos\.(?:Create|WriteFile)\(/g, false],
  [/\bioutil\.WriteFile\(/g, false],
  [/\bos\.OpenFile\((?=[^\n]*\bos\.O_CREATE\b)/g, false],
  [/\bsql\.Open\(\s*"sqlite3?"\s*,\s*/g, false],
  [/\bsqlite\.Open\(/g, false],
  [/\b(?:bolt|bbolt)\.Open\(/g, false],
  [/\bbadger\.DefaultOptions\(/g, true],
];

/** Where Go code makes files and folders; temporary files apart. */
export function writtenPaths(files: readonly CodeFile[]): readonly WrittenPath[] {
  return files.flatMap(({ path, text }) =>
    /\bos\.|ioutil\.|sql\.Open|sqlite\.Open|bolt\.Open|badger\./.test(text)
      ? text.split('\n').flatMap((line, index) => (/^\s*\/\//.test(line) ? [] : writesOf(line, path, index + 1)))
      : [],
  );
}

function writesOf(line: string, path: string, number: number): WrittenPath[] {
  if (line.length > 400) return [];
  return makes.flatMap(([call, folder]) =>
    [...line.matchAll(call)].flatMap((match): WrittenPath[] => {
      const rest = line.slice(match.index + match[0].length);
      const literal = /^\s*["`]([^"`\\\n]*)["`]\s*[,)]/.exec(rest)?.[1];
      if (literal === undefined)
        return /\b(?:TempDir|MkdirTemp)\b/.test(rest) ? [] : [{ path, line: number, target: undefined, folder }];
      const target = literal.replace(/^file:/, '').replace(/\?.*$/, '');
      return target === '' || target.includes(':memory:') ? [] : [{ path, line: number, target, folder }];
    }),
  );
}
