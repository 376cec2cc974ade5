import { archiveCommands } from './archive-commands.ts';
import { compileCommands } from './compile-commands.ts';
import { downloadCommands } from './download-commands.ts';
import { type FileCommand, type FileEffects, impliedPath, type PathUse, pathUse } from './file-command.ts';
import { javaCommands } from './java-commands.ts';
import { hasOption, type Option, type OptionSyntax, optionValue, readOptions } from './options.ts';
import { phpCommands } from './php-commands.ts';
import type { Word } from './tree.ts';
import { leadingText, textOf, wordFrom } from './word.ts';

const syntax = (values = ''): OptionSyntax => ({ values: new Set(values.split(' ')) });

/** Commands that change no file but those of their redirections. What they read is not told either. */
export const silentCommands: ReadonlySet<string> = new Set(
  (
    ': [ alias arch awk base64 basename bc bg break cat cd chronic clear cmp column comm command continue cut date ' +
    'declare df diff dir dirname dpkg-architecture dpkg-buildflags du echo egrep env envsubst exit expand export expr false fg fgrep file ' +
    'fmt fold free gawk getconf getent gpgconf grep groups hash head hexdump host hostname id jq kill killall ' +
    'ldd less let local locale logname ls lsb_release lscpu lsof md5sum more nc nl nm nproc nslookup objdump od paste ' +
    'pgrep ping pkill printenv printf ps pwd read readelf readlink readonly realpath return rev scanelf seq set sha1sum ' +
    'sha224sum sha256sum sha384sum sha512sum shift shopt sleep sort stat strings sum sync tac tail test times top tput ' +
    'tr trap true tty type typeset ulimit umask uname uniq unset uptime wait wc which whoami whereis xxd yes zcat'
  ).split(' '),
);

const baseName = /([^/]+)\/?$/;

const all =
  (...kinds: ('reads' | 'writes' | 'removes')[]) =>
  (values = ''): FileCommand =>
  (words) => {
    const paths = readOptions(words, syntax(values)).operands.map(pathUse);
    return Object.fromEntries(kinds.map((kind) => [kind, paths]));
  };

/** Sources and a destination, as `cp`, `mv`, `ln` and `install` take them. */
function sourcesAndTarget(
  options: readonly Option[],
  operands: readonly Word[],
): { sources: readonly Word[]; targets: readonly PathUse[] } {
  const directory = optionValue(options, '-t', '--target-directory');
  // the folders of a source come with it
  const keeps = hasOption(options, '--parents');
  if (directory !== undefined)
    return { sources: operands, targets: keeps ? [pathUse(directory)] : inFolder(operands, directory) };
  const target = operands.at(-1);
  const sources = operands.slice(0, -1);
  if (target === undefined) return { sources, targets: [] };
  if (keeps) return { sources, targets: [pathUse(target)] };
  const isFolder = sources.length > 1 || /\/$|^\/(usr\/)?(local\/)?s?bin$/.test(textOf(target) ?? '');
  return { sources, targets: isFolder ? inFolder(sources, target) : [pathUse(target)] };
}

/** The name at the end of a path, also of one that begins with a variable. */
function nameAtEnd(word: Word): string | undefined {
  if (word.braces || word.glob) return undefined;
  const text = textOf(word);
  const last = word.parts.at(-1);
  const end = text ?? (last?.kind === 'text' && last.text.includes('/') ? last.text : '');
  return baseName.exec(end)?.[1];
}

/** What sources are called in a folder that they are put into; the folder where a name is not known. */
function inFolder(sources: readonly Word[], folder: Word): PathUse[] {
  const path = folder.braces || folder.glob ? undefined : textOf(folder);
  const names = sources.map(nameAtEnd);
  if (path === undefined || path.startsWith('~') || names.some((name) => name === undefined || /^\.+$/.test(name)))
    return [pathUse(folder)];
  return names.map((name) => impliedPath(`${path.replace(/\/+$/, '')}/${name}`, folder));
}

const mkdir: FileCommand = (words) => {
  const { options, operands } = readOptions(words, syntax('-m --mode'));
  const writes = operands.map(pathUse);
  const mode = optionValue(options, '-m', '--mode');
  return { writes, modes: mode === undefined ? [] : writes.map((path) => ({ path, mode, recursive: false })) };
};

const copy: FileCommand = (words) => {
  const { options, operands } = readOptions(words, syntax('-t --target-directory -S --suffix'));
  const { sources, targets } = sourcesAndTarget(options, operands);
  return { reads: sources.map(pathUse), writes: targets };
};

const rsyncValues = '-e --rsh --exclude --include --filter -f --chown --chmod --exclude-from --include-from -T';

const rsync: FileCommand = (words) => {
  const { operands } = readOptions(words, syntax(rsyncValues));
  return { reads: operands.slice(0, -1).map(pathUse), writes: operands.slice(-1).map(pathUse) };
};

const move: FileCommand = (...call) => {
  const { reads = [], writes = [] } = copy(...call);
  return { reads, writes, removes: reads };
};

const link: FileCommand = (words, program) => {
  const { options, operands } = readOptions(words, syntax('-t --target-directory -S --suffix'));
  if (operands.length === 1 && !hasOption(options, '-t', '--target-directory')) {
    const name = /[^/]+\/?$/.exec(operands[0]!.value ?? '')?.[0];
    return { reads: operands.map(pathUse), writes: [impliedPath(name, program)] };
  }
  const { sources, targets } = sourcesAndTarget(options, operands);
  return { reads: sources.map(pathUse), writes: targets };
};

const install: FileCommand = (words) => {
  const values = '-m --mode -o --owner -g --group -t --target-directory -S --suffix --strip-program';
  const { options, operands } = readOptions(words, syntax(values));
  const directories = hasOption(options, '-d', '--directory');
  const { sources, targets } = sourcesAndTarget(options, operands);
  const writes = directories ? operands.map(pathUse) : targets;
  const mode = optionValue(options, '-m', '--mode');
  const owner = optionValue(options, '-o', '--owner');
  return {
    reads: directories ? [] : sources.map(pathUse),
    writes,
    modes: mode === undefined ? [] : writes.map((path) => ({ path, mode, recursive: false })),
    owners: owner === undefined ? [] : writes.map((path) => ({ path, owner, recursive: false })),
  };
};

const chown: FileCommand = (words) => {
  const { options, operands } = readOptions(words, syntax('--from'));
  const recursive = hasOption(options, '-R', '--recursive');
  const referred = hasOption(options, '--reference');
  const owner = referred ? undefined : operands[0];
  return { owners: operands.slice(referred ? 0 : 1).map((word) => ({ path: pathUse(word), owner, recursive })) };
};

const chgrp: FileCommand = (...call) => {
  const { owners = [] } = chown(...call);
  return {
    owners: owners.map(({ owner, ...rest }) => ({
      ...rest,
      owner: owner && {
        ...owner,
        parts: [{ kind: 'text', text: ':', quoted: true }, ...owner.parts],
        value: owner.value === undefined ? undefined : `:${owner.value}`,
      },
    })),
  };
};

const chmod: FileCommand = (words) => {
  const recursive = words.some((word) => word.value === '--recursive' || /^-[cfv]*R/.test(word.value ?? ''));
  // `-x` is a mode, not an option.
  const rest = words.filter((word) => !/^-[Rcfv]+$|^--/.test(leadingText(word)));
  const mode = rest[0];
  if (mode === undefined) return {};
  return { modes: rest.slice(1).map((word) => ({ path: pathUse(word), mode, recursive })) };
};

const sed: FileCommand = (words) => {
  const inPlace = (word: Word) => /^-[nrEsuz]*i|^--in-place/.test(leadingText(word));
  const { options, operands } = readOptions(
    words.filter((word) => !inPlace(word)),
    syntax('-e --expression -f --file -l --line-length'),
  );
  const files = operands.slice(hasOption(options, '-e', '--expression', '-f', '--file') ? 0 : 1).map(pathUse);
  return words.some(inPlace) ? { reads: files, writes: files } : { reads: files };
};

/** `dd if=… of=…` */
const dd: FileCommand = (words) => {
  const named = (name: string) =>
    words.filter((word) => leadingText(word).startsWith(`${name}=`)).map((word) => pathUse(wordFrom(word, 3)));
  return { reads: named('if'), writes: named('of') };
};

const find: FileCommand = (words, _program, effectsOf) => {
  const start = words.findIndex((word) => /^(?:-[^HLPOD]|[(!])/.test(leadingText(word)));
  const paths = words.slice(0, start === -1 ? undefined : start).filter((word) => !/^-[HLPOD]/.test(leadingText(word)));
  const effects: { -readonly [kind in keyof FileEffects]?: FileEffects[kind] } = { reads: paths.map(pathUse) };
  if (words.some((word) => word.value === '-delete')) effects.removes = paths.map(pathUse);
  const exec = words.findIndex((word) => /^-(?:exec|execdir|ok)$/.test(word.value ?? ''));
  if (exec === -1) return effects;
  const end = words.findIndex((word, index) => index > exec && (word.value === ';' || word.value === '+'));
  const call = words.slice(exec + 1, end === -1 ? undefined : end);
  // what is found has names of its own
  const isCopied = /^(?:\/(?:usr\/)?bin\/)?(?:cp|mv|ln|install)$/.test(call[0]?.value ?? '');
  const found = isCopied ? paths.map((word) => ({ ...word, glob: true })) : paths;
  const called = call.flatMap((word) => (word.value === '{}' ? found : word));
  const inner = effectsOf(called);
  return {
    reads: [...(effects.reads ?? []), ...inner.reads],
    writes: inner.writes,
    removes: [...(effects.removes ?? []), ...inner.removes],
    owners: inner.owners.map((owner) => ({ ...owner, recursive: true })),
    modes: inner.modes.map((mode) => ({ ...mode, recursive: true })),
    known: inner.known,
  };
};

/** Options of openssl and gpg that name a file to write. */
const writesOptions =
  (written: readonly string[], values: string, singleDashLong: boolean): FileCommand =>
  (words) => {
    const { options } = readOptions(words, {
      values: new Set(`${written.join(' ')} ${values}`.split(' ')),
      singleDashLong,
    });
    const writes = options.flatMap(({ name, value }) =>
      value !== undefined && written.includes(name) ? [pathUse(value)] : [],
    );
    return { writes };
  };

const maintains =
  (...paths: string[]): FileCommand =>
  (_words, program) => ({ writes: paths.map((path) => impliedPath(path, program)) });

const compiler = /^(gcc|g\+\+|cc|c\+\+|cpp|c89|c99|clang|clang\+\+|clang-[a-z]+|gcov|gfortran|ld|lld|ar|nm|ranlib)$/;

/** The names of compilers only builds call; what any other name is linked to, programs may. */
const alternatives: FileCommand = (words, program) => {
  const names = words.flatMap(({ value }, index) => {
    if (/^--(install|slave)$/.test(value ?? '')) return words[index + 2]?.value ?? '';
    return /^--(set|auto|config|remove|remove-all)$/.test(value ?? '') ? (words[index + 1]?.value ?? '') : [];
  });
  const isCompiler = names.length > 0 && names.every((name) => compiler.test(name));
  return {
    writes: [impliedPath('/etc/alternatives', program), ...(isCompiler ? [] : [impliedPath('/usr/bin', program)])],
  };
};

/** How each program treats files. */
export const fileCommands: ReadonlyMap<string, FileCommand> = new Map<string, FileCommand>([
  ...phpCommands,
  ['mkdir', mkdir],
  ['mkfifo', all('writes')('-m --mode')],
  ['install', install],
  ['touch', all('writes')('-d --date -r --reference -t')],
  ['truncate', all('writes')('-s --size -r --reference')],
  ['tee', all('writes')()],
  ['cp', copy],
  ['rsync', rsync],
  ['mv', move],
  ['ln', link],
  ['rm', all('removes')()],
  ['rmdir', all('removes')()],
  ['unlink', all('removes')()],
  ['shred', all('writes')('-n -s')],
  ['chmod', chmod],
  ['chown', chown],
  ['chgrp', chgrp],
  ['setcap', (words) => ({ writes: readOptions(words, syntax()).operands.slice(1).map(pathUse) })],
  ['strip', all('reads', 'writes')('-o -K -N -R -F -I -O')],
  ['sed', sed],
  ['dd', dd],
  ['find', find],
  ['mktemp', () => ({})],
  ['update-ca-certificates', maintains('/etc/ssl/certs')],
  ['update-ca-trust', maintains('/etc/pki/ca-trust/extracted')],
  ['ldconfig', maintains('/etc/ld.so.cache')],
  ['locale-gen', maintains('/usr/lib/locale')],
  ['update-locale', maintains('/etc/default/locale')],
  ['localedef', maintains('/usr/lib/locale')],
  ['a2enmod', maintains('/etc/apache2')],
  ['a2dismod', maintains('/etc/apache2')],
  ['a2ensite', maintains('/etc/apache2')],
  ['a2dissite', maintains('/etc/apache2')],
  ['a2enconf', maintains('/etc/apache2')],
  ['a2disconf', maintains('/etc/apache2')],
  ['fc-cache', maintains('/var/cache/fontconfig')],
  ['update-alternatives', alternatives],
  ['alternatives', alternatives],
  [
    'openssl',
    writesOptions(
      ['-out', '-keyout', '-CAserial'],
      '-in -subj -days -newkey -config -extensions -addext -key -CA -CAkey',
      true,
    ),
  ],
  ['gpg', writesOptions(['-o', '--output'], '--keyserver --keyring --homedir --recv-keys -r --recipient', false)],
  ...downloadCommands,
  ...archiveCommands,
  ...javaCommands,
  ...compileCommands,
]);
