import { hasOption, type Options, optionValue, readOptions } from './options.ts';
import type { Word } from './tree.ts';

/** A command that makes, changes or removes users and groups. Names and numbers are words: variables may decide. */
export interface AccountCommand {
  readonly kind:
    | 'add-user'
    | 'change-user'
    | 'remove-user'
    | 'add-group'
    | 'change-group'
    | 'remove-group'
    /** user `name` becomes a member of `group` */
    | 'add-to-group'
    | 'set-password';
  /** of the user, or of the group for the kinds about groups; undefined if it comes from elsewhere (`chpasswd`) */
  readonly name: Word | undefined;
  readonly uid: Word | undefined;
  /** number of a group that is made or changed */
  readonly gid: Word | undefined;
  /** primary group of a user, name or number */
  readonly group: Word | undefined;
  /** supplementary groups, separated by commas */
  readonly groups: Word | undefined;
  readonly home: Word | undefined;
  readonly shell: Word | undefined;
  readonly system: boolean;
  readonly createHome: boolean;
  /** a group of the user's name is made with the user */
  readonly ownGroup: boolean;
}

type Reader = (words: readonly Word[]) => AccountCommand | undefined;

function account(kind: AccountCommand['kind'], details: Partial<AccountCommand>): AccountCommand {
  return {
    kind,
    name: undefined,
    uid: undefined,
    gid: undefined,
    group: undefined,
    groups: undefined,
    home: undefined,
    shell: undefined,
    system: false,
    createHome: false,
    ownGroup: false,
    ...details,
  };
}

const userValues = new Set(
  (
    '-b --base-dir -c --comment -d --home-dir --home -e --expiredate -f --inactive -g --gid -G --groups -k --skel -K ' +
    '--key -p --password -R --root -P --prefix -s --shell -u --uid -Z --selinux-user -l --login'
  ).split(' '),
);

// -l of useradd is a switch, of usermod it takes the new name.
const addUserValues = new Set([...userValues].filter((name) => name !== '-l' && name !== '--login'));

/** adduser of Debian (long options), of busybox (`-D -S -H -h -g GECOS -G`), and where it is another name of useradd. */
const adduserValues = new Set(
  [...addUserValues].concat('-h --ingroup --gecos --conf --firstuid --lastuid --firstgid --lastgid'.split(' ')),
);

function userDetails({ options }: Options): Partial<AccountCommand> {
  return {
    uid: optionValue(options, '-u', '--uid'),
    group: optionValue(options, '-g', '--gid'),
    groups: optionValue(options, '-G', '--groups'),
    home: optionValue(options, '-d', '--home-dir', '--home'),
    shell: optionValue(options, '-s', '--shell'),
    system: hasOption(options, '-r', '--system'),
  };
}

const useradd: Reader = (words) => {
  const read = readOptions(words, { values: addUserValues });
  const { options, operands } = read;
  if (operands.length === 0) return undefined;
  return account('add-user', {
    ...userDetails(read),
    name: operands[0],
    createHome: hasOption(options, '-m', '--create-home'),
    ownGroup: !hasOption(options, '-N', '--no-user-group', '-g', '--gid'),
  });
};

const adduser: Reader = (words) => {
  const read = readOptions(words, { values: adduserValues });
  const { options, operands } = read;
  if (operands[0] === undefined) return undefined;
  if (operands[1] !== undefined && options.every(({ name }) => /^(?:-q|--quiet)$/.test(name))) {
    return account('add-to-group', { name: operands[0], group: operands[1] });
  }
  const debian = options.some(({ name }) => name.startsWith('--'));
  const busybox =
    hasOption(options, '-D', '-S', '-H', '-h') || !hasOption(options, '-r', '-m', '-M', '-d', '-N', '-c', '-g');
  if (!debian && !busybox) return useradd(words);
  const system = hasOption(options, '-S', '--system', '-r');
  const group = optionValue(options, '-G', '--ingroup', '--gid');
  return account('add-user', {
    ...userDetails(read),
    name: operands[0],
    home: optionValue(options, '-h', '--home'),
    group,
    groups: undefined,
    system,
    createHome: !hasOption(options, '-H', '--no-create-home'),
    ownGroup: group === undefined && (!system || hasOption(options, '--group')),
  });
};

const usermod: Reader = (words) => {
  const read = readOptions(words, { values: userValues });
  return account('change-user', { ...userDetails(read), name: read.operands[0] });
};

const groupValues = new Set('-g --gid -K --key -p --password -R --root -P -n --new-name -U --users --conf'.split(' '));

const groupadd: Reader = (words) => {
  const { options, operands } = readOptions(words, { values: groupValues });
  if (operands[0] === undefined) return undefined;
  if (operands[1] !== undefined) return account('add-to-group', { name: operands[0], group: operands[1] });
  const system = hasOption(options, '-r', '-S', '--system');
  return account('add-group', { name: operands[0], gid: optionValue(options, '-g', '--gid'), system });
};

const groupmod: Reader = (words) => {
  const { options, operands } = readOptions(words, { values: groupValues });
  return account('change-group', { name: operands[0], gid: optionValue(options, '-g', '--gid') });
};

const remover =
  (kind: 'remove-user' | 'remove-group'): Reader =>
  (words) => {
    const { operands } = readOptions(words, { values: new Set(['-R', '--root', '--conf', '--backup-to']) });
    return account(kind, { name: operands[0] });
  };

const gpasswd: Reader = (words) => {
  const { options, operands } = readOptions(words, { values: new Set(['-a', '--add', '-d', '--delete']) });
  const name = optionValue(options, '-a', '--add');
  return name === undefined ? undefined : account('add-to-group', { name, group: operands[0] });
};

const password: Reader = (words) => {
  const { operands } = readOptions(words, { values: new Set(['-n', '-x', '-w', '-i', '-c', '-s', '-R']) });
  return account('set-password', { name: operands[0] });
};

const readers: ReadonlyMap<string, Reader> = new Map([
  ['useradd', useradd],
  ['adduser', adduser],
  ['usermod', usermod],
  ['userdel', remover('remove-user')],
  ['deluser', remover('remove-user')],
  ['groupadd', groupadd],
  ['addgroup', groupadd],
  ['groupmod', groupmod],
  ['groupdel', remover('remove-group')],
  ['delgroup', remover('remove-group')],
  ['gpasswd', gpasswd],
  ['passwd', password],
  ['chage', password],
  ['chpasswd', () => account('set-password', {})],
  [
    'chsh',
    (words) => {
      const { options, operands } = readOptions(words, { values: new Set(['-s', '--shell', '-R']) });
      return account('change-user', { name: operands[0], shell: optionValue(options, '-s', '--shell') });
    },
  ],
]);

/** Reads a command about users and groups; `words` are its words without wrappers. Undefined for any other command. */
export function readAccountCommand(words: readonly Word[]): AccountCommand | undefined {
  const program = words[0]?.value;
  return program === undefined ? undefined : readers.get(program)?.(words.slice(1));
}
