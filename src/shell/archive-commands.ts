import { type FileCommand, impliedPath, type PathUse, pathUse } from './file-command.ts';
import { hasOption, optionValue, readOptions } from './options.ts';
import type { Word } from './tree.ts';
import { literalWord } from './word.ts';

const tarValues = new Set(
  (
    '-f --file -C --directory -b --blocking-factor -T --files-from -X --exclude-from --exclude -I ' +
    '--use-compress-program --strip-components --transform --xform --owner --group --mode --mtime -K -N -V -g -H ' +
    '--wildcards-match --checkpoint-action'
  ).split(' '),
);

/** `tar xzf a.tgz`: the first word is a cluster although it has no dash, and its values follow in order. */
function withDash(words: readonly Word[]): readonly Word[] {
  const first = words[0];
  if (first?.value === undefined || !/^[A-Za-z]+$/.test(first.value)) return words;
  const letters = [...first.value];
  const plain = letters.filter((letter) => !tarValues.has(`-${letter}`));
  const out: Word[] = plain.length > 0 ? [literalWord(`-${plain.join('')}`, first.range, first.raw)] : [];
  let at = 1;
  for (const letter of letters) {
    if (!tarValues.has(`-${letter}`)) continue;
    out.push(literalWord(`-${letter}`, first.range, first.raw));
    if (words[at] !== undefined) out.push(words[at]!);
    at += 1;
  }
  return [...out, ...words.slice(at)];
}

const tar: FileCommand = (words, program) => {
  const { options, operands } = readOptions(withDash(words), { values: tarValues });
  const file = optionValue(options, '-f', '--file');
  const archive = file === undefined || file.value === '-' ? [] : [pathUse(file)];
  const directory = optionValue(options, '-C', '--directory');
  const inside: PathUse = directory === undefined ? impliedPath('.', program) : pathUse(directory);
  if (hasOption(options, '-x', '--extract', '--get')) {
    return { reads: archive, writes: hasOption(options, '-O', '--to-stdout') ? [] : [inside] };
  }
  if (hasOption(options, '-c', '--create', '-r', '--append', '-u', '--update')) {
    return { reads: directory === undefined ? operands.map(pathUse) : [inside], writes: archive };
  }
  return { reads: archive };
};

const unzip: FileCommand = (words, program) => {
  const { options, operands } = readOptions(words, { values: new Set(['-d', '-P', '-x']) });
  const archive = operands[0];
  const reads = archive === undefined ? [] : [pathUse(archive)];
  if (hasOption(options, '-p', '-l', '-t', '-Z', '-v')) return { reads };
  const directory = optionValue(options, '-d');
  return { reads, writes: [directory === undefined ? impliedPath('.', program) : pathUse(directory)] };
};

const zip: FileCommand = (words) => {
  const [archive, ...files] = readOptions(words, { values: new Set(['-b', '-t', '-x', '-i', '-P']) }).operands;
  return { reads: files.map(pathUse), writes: archive === undefined ? [] : [pathUse(archive)] };
};

/** Compresses or expands each file in its place; the new file's name has the same stem. */
const inPlace: FileCommand = (words) => {
  const { options, operands } = readOptions(words, { values: new Set(['-S', '--suffix', '-T', '-o']) });
  const files = operands.map(pathUse);
  if (hasOption(options, '-c', '--stdout', '--to-stdout', '-t', '-l')) return { reads: files };
  const writes = files.map(({ word, path, glob }) => ({
    word,
    path: path?.replace(/\.(?:gz|bz2|xz|zst|lzma)$/, ''),
    glob,
  }));
  return { reads: files, writes, removes: hasOption(options, '-k', '--keep') ? [] : files };
};

export const archiveCommands: readonly (readonly [string, FileCommand])[] = [
  ['tar', tar],
  ['bsdtar', tar],
  ['unzip', unzip],
  ['zip', zip],
  ...['gzip', 'gunzip', 'bzip2', 'bunzip2', 'xz', 'unxz', 'zstd', 'unzstd'].map((name) => [name, inPlace] as const),
];
