import { type FileCommand, impliedPath } from './file-command.ts';
import { optionValue, readOptions } from './options.ts';
import { textOf } from './word.ts';

const installerOptions = /^--(?:install-dir|filename|version|cafile|quiet|[12]|2\.2|stable|(?:no-)?ansi)$/;
const installerValues = { values: new Set(['--install-dir', '--filename', '--version', '--cafile']) };

/** What PHP code may do to files or other programs, beside `copy` and `unlink`. */
const changes =
  /\b(?:file_put_contents|f(?:open|write|puts)|mkdir|rmdir|rename|symlink|link|touch|tempnam|chmod|chown|exec|shell_exec|system|passthru|p(?:roc_)?open|require|require_once|include|include_once|eval|phar|new)\b|`/i;

/** Composer's installer, as its page says to call it, and code on the command line; other calls are not known. */
const php: FileCommand = (words) => {
  const [first] = words;
  const text = first === undefined ? undefined : textOf(first);
  if (text !== undefined && words.length === 1 && /^(?:-[miv]|--(?:modules|info|version|ini))$/.test(text)) return {};
  if (text === '-r') return code(words[1] === undefined ? undefined : textOf(words[1]), words[0]!);
  if (text === undefined || !/^(?:--|(?:.*\/)?composer-setup\.php)$/.test(text)) return { known: false };
  const { options, operands } = readOptions(words.slice(1), installerValues);
  if (operands.length > 0 || !options.every(({ name }) => installerOptions.test(name))) return { known: false };
  const folder = optionValue(options, '--install-dir');
  const file = optionValue(options, '--filename');
  const name = file === undefined ? 'composer.phar' : textOf(file);
  const at = folder === undefined ? '.' : textOf(folder);
  if (name === undefined || at === undefined) return { known: false };
  return { writes: [impliedPath(`${at}/${name}`, first!)] };
};

function code(text: string | undefined, word: Parameters<typeof impliedPath>[1]): ReturnType<FileCommand> {
  if (text === undefined || changes.test(text)) return { known: false };
  const writes = [...text.matchAll(/\bcopy\s*\(\s*(?:'[^']*'|"[^"]*")\s*,\s*['"]([^'"$]+)['"]/g)];
  const removes = [...text.matchAll(/\bunlink\s*\(\s*['"]([^'"$]+)['"]/g)];
  if (writes.length !== text.split(/\bcopy\s*\(/).length - 1) return { known: false };
  if (removes.length !== text.split(/\bunlink\s*\(/).length - 1) return { known: false };
  const paths = (found: readonly RegExpMatchArray[]) => found.map((match) => impliedPath(match[1], word));
  return { writes: paths(writes), removes: paths(removes) };
}

export const phpCommands: readonly (readonly [string, FileCommand])[] = [['php', php]];
