import { type FileCommand, impliedPath, type PathUse, pathUse } from './file-command.ts';
import { hasOption, optionValue, readOptions } from './options.ts';

/* The JDK's own tools, as their manual pages say (JDK 21). */

const javacValues = new Set(
  (
    '-d -cp -classpath --class-path -p --module-path -s -h -sourcepath --source-path -source --source -target --target ' +
    '--release -encoding -processor -processorpath --processor-path --module-source-path -m --module --add-modules'
  ).split(' '),
);

const javac: FileCommand = (words, program) => {
  const { options, operands } = readOptions(words, { values: javacValues, singleDashLong: true });
  const folder = optionValue(options, '-d');
  const here = impliedPath('.', program);
  return { reads: [here, ...operands.map(pathUse)], writes: [folder === undefined ? here : pathUse(folder)] };
};

/** `jar cf app.jar -C classes .`, `jar -xf app.jar`: the archive is the word after the letters. */
const jar: FileCommand = (words, program) => {
  const here = impliedPath('.', program);
  const letters = words[0]?.value?.replace(/^-+/, '') ?? '';
  const archive = words
    .slice(1)
    .find(({ value }) => value?.endsWith('.jar') === true || value?.endsWith('.war') === true);
  const file: PathUse[] = archive === undefined ? [] : [pathUse(archive)];
  if (/^(?:[a-zA-Z0]*x|extract)/.test(letters)) return { reads: file, writes: [here] };
  if (/^(?:[a-zA-Z0]*t|list|describe)/.test(letters) && !letters.includes('c')) return { reads: file };
  return { reads: [here], writes: file.length === 0 ? [here] : file };
};

const jlink: FileCommand = (words) => {
  const { options } = readOptions(words, {
    values: new Set([
      '--output',
      '--add-modules',
      '-p',
      '--module-path',
      '--compress',
      '--strip-java-debug-attributes',
    ]),
  });
  const output = optionValue(options, '--output');
  return output === undefined ? { known: false } : { writes: [pathUse(output)] };
};

const keytool: FileCommand = (words) => {
  const { options } = readOptions(words, {
    values: new Set(['-keystore', '-file', '-destkeystore', '-alias', '-storepass', '-keypass', '-storetype']),
    singleDashLong: true,
  });
  const store = optionValue(options, '-keystore', '-destkeystore');
  return store === undefined ? { known: hasOption(options, '-cacerts', '-list') } : { writes: [pathUse(store)] };
};

/** Only the modes of a Spring Boot jar that take it apart are known; a program may write anywhere. */
const java: FileCommand = (words, program) => {
  if (!words.some(({ value }) => /^-Djarmode=(?:layertools|tools)$/.test(value ?? ''))) return { known: false };
  const at = words.findIndex(({ value }) => value === '--destination');
  const folder = at === -1 ? undefined : words[at + 1];
  return {
    reads: [impliedPath('.', program)],
    writes: [folder === undefined ? impliedPath('.', program) : pathUse(folder)],
  };
};

export const javaCommands: readonly (readonly [string, FileCommand])[] = [
  ['java', java],
  ['javac', javac],
  ['jar', jar],
  ['jlink', jlink],
  ['keytool', keytool],
];
