import { type FileCommand, impliedPath, type PathUse, pathUse } from './file-command.ts';
import { hasOption, optionValue, readOptions } from './options.ts';
import type { Word } from './tree.ts';
import { textOf } from './word.ts';

const curlValues = new Set(
  (
    '-A -b -c -C -d -D -e -E -F -H -K -m -o -P -Q -r -T -t -u -U -w -x -X -y -Y -z --output --output-dir --retry ' +
    '--retry-delay --retry-max-time --connect-timeout --max-time --header --user-agent --request --data --data-ascii ' +
    '--data-binary --data-raw --data-urlencode --json --url --user --proxy --proxy-user --proxy-header --cacert ' +
    '--capath --cert --cert-type --key --key-type --pass --write-out --form --form-string --limit-rate --max-redirs ' +
    '--max-filesize --proto --proto-default --proto-redir --resolve --connect-to --ciphers --tls-max --range ' +
    '--dump-header --cookie --cookie-jar --referer --interface --dns-servers --config --parallel-max --noproxy ' +
    '--socks5 --socks5-hostname --oauth2-bearer --upload-file --time-cond --speed-limit --speed-time --etag-save ' +
    '--etag-compare --unix-socket --continue-at --trace --trace-ascii --stderr'
  ).split(' '),
);

const wgetValues = new Set(
  (
    '-O -o -a -e -i -B -t -T -w -Q -P -U -l -A -R -D -I -X --output-document --output-file --append-output --execute ' +
    '--input-file --base --tries --timeout --dns-timeout --connect-timeout --read-timeout --wait --waitretry ' +
    '--random-wait --quota --directory-prefix --user-agent --level --accept --reject --domains --header --user ' +
    '--password --post-data --post-file --ca-certificate --ca-directory --certificate --private-key --limit-rate ' +
    '--referer --load-cookies --save-cookies --progress --retry-on-http-error --cut-dirs --bind-address --method ' +
    '--body-data --compression --secure-protocol --http-user --http-password'
  ).split(' '),
);

function nameInAddress(word: Word): string | undefined {
  const text = textOf(word);
  const last = word.parts.at(-1);
  return savedName(text ?? (last?.kind === 'text' ? last.text : ''));
}

/** The last part of an address' path: the name under which it is saved. */
export function savedName(address: string): string | undefined {
  const path = address.replace(/[?#].*$/s, '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
  const slash = path.lastIndexOf('/');
  if (slash === -1) return undefined;
  return path.slice(slash + 1) || undefined;
}

function under(directory: Word | undefined, name: string | undefined): string | undefined {
  if (directory === undefined) return name;
  const folder = textOf(directory)?.replace(/\/$/, '');
  return folder === undefined || name === undefined ? folder : `${folder}/${name}`;
}

const curl: FileCommand = (words, program) => {
  const { options, operands } = readOptions(words, { values: curlValues });
  const directory = optionValue(options, '--output-dir');
  const writes: PathUse[] = [];
  for (const { name, value } of options) {
    if (value === undefined || value.value === '-') continue;
    if (name === '-o' || name === '--output') {
      const path = textOf(value);
      const inside = directory !== undefined && path?.startsWith('/') !== true;
      writes.push(inside ? impliedPath(under(directory, path), value) : pathUse(value));
    } else if (/^(?:-D|--dump-header|-c|--cookie-jar|--etag-save)$/.test(name)) writes.push(pathUse(value));
  }
  if (hasOption(options, '-O', '--remote-name', '--remote-name-all')) {
    const named = hasOption(options, '-J', '--remote-header-name');
    const urls = options.flatMap(({ name, value }) => (name === '--url' && value !== undefined ? [value] : []));
    for (const url of [...operands, ...urls]) {
      writes.push(
        impliedPath(named ? undefined : under(directory, nameInAddress(url)), operands.length > 0 ? url : program),
      );
    }
  }
  return { writes };
};

const wget: FileCommand = (words, program) => {
  const { options, operands } = readOptions(words, { values: wgetValues });
  const output = optionValue(options, '-O', '--output-document');
  if (output !== undefined) return { writes: output.value === '-' ? [] : [pathUse(output)] };
  const directory = optionValue(options, '-P', '--directory-prefix');
  if (hasOption(options, '-r', '--recursive', '-m', '--mirror', '-i', '--input-file')) {
    return { writes: [directory === undefined ? impliedPath('.', program) : pathUse(directory)] };
  }
  return { writes: operands.map((url) => impliedPath(under(directory, nameInAddress(url)), url)) };
};

const gitGlobals = new Set('-C -c --git-dir --work-tree --namespace'.split(' '));

const cloneValues = new Set(
  (
    '-b --branch --revision --depth -c --config -o --origin -u --upload-pack --template --reference ' +
    '--reference-if-able --separate-git-dir -j --jobs --filter --shallow-since --shallow-exclude --server-option'
  ).split(' '),
);

const gitWithoutEffect =
  /^(?:rev-parse|describe|log|status|diff|show|ls-remote|ls-files|rev-list|tag|branch|version|config)$/;

const git: FileCommand = (words, program) => {
  const { options, operands } = readOptions(words, { values: gitGlobals, stopAtOperand: true });
  const at = optionValue(options, '-C');
  const [subcommand, ...rest] = operands;
  if (subcommand?.value === undefined || gitWithoutEffect.test(subcommand.value)) return {};
  if (subcommand.value !== 'clone') return { writes: [at === undefined ? impliedPath('.', program) : pathUse(at)] };
  const [address, directory] = readOptions(rest, { values: cloneValues }).operands;
  if (directory !== undefined) {
    return { writes: [at === undefined ? pathUse(directory) : impliedPath(under(at, textOf(directory)), directory)] };
  }
  const tail = address === undefined ? undefined : /([^/:]+?)(?:\.git)?\/?$/.exec(lastText(address))?.[1];
  return { writes: address === undefined ? [] : [impliedPath(under(at, tail), address)] };
};

/** The text behind the last variable, if a path component begins in it. */
function lastText(word: Word): string {
  const text = textOf(word);
  if (text !== undefined) return text;
  const last = word.parts.at(-1);
  return last?.kind === 'text' && last.text.includes('/') ? last.text : '';
}

export const downloadCommands: readonly (readonly [string, FileCommand])[] = [
  ['curl', curl],
  ['wget', wget],
  ['git', git],
];
