import { expect, it } from 'vitest';
import { readAccountCommand } from '../../src/shell/account-commands.ts';
import { parseShell } from '../../src/shell/parse.ts';
import { commandsOf } from '../../src/shell/walk.ts';

const read = (text: string) => {
  const found = readAccountCommand(commandsOf(parseShell(text))[0]!.command.words);
  if (found === undefined) return undefined;
  const shown: Record<string, string | boolean> = {};
  for (const [key, value] of Object.entries(found)) {
    if (value !== undefined && value !== false) shown[key] = typeof value === 'object' ? value.raw : value;
  }
  return shown;
};

it.each([
  ['useradd -m -u 1000 app', { kind: 'add-user', name: 'app', uid: '1000', createHome: true, ownGroup: true }],
  [
    'useradd -r -g app -G a,b -d /srv -s /sbin/nologin -c "An app" app',
    { kind: 'add-user', name: 'app', group: 'app', groups: 'a,b', home: '/srv', shell: '/sbin/nologin', system: true },
  ],
  [
    'useradd --system --no-create-home --uid=$UID app',
    { kind: 'add-user', name: 'app', uid: '$UID', system: true, ownGroup: true },
  ],
  ['useradd -rm -l app', { kind: 'add-user', name: 'app', system: true, createHome: true, ownGroup: true }],
  [
    'adduser --disabled-password --gecos "" --home /app --uid 10001 app',
    { kind: 'add-user', name: 'app', uid: '10001', home: '/app', createHome: true, ownGroup: true },
  ],
  ['adduser --system --group --no-create-home app', { kind: 'add-user', name: 'app', system: true, ownGroup: true }],
  [
    'adduser --system --ingroup app app',
    { kind: 'add-user', name: 'app', group: 'app', system: true, createHome: true },
  ],
  ['adduser -D -u 1000 app', { kind: 'add-user', name: 'app', uid: '1000', createHome: true, ownGroup: true }],
  ['adduser -S -G app -H app', { kind: 'add-user', name: 'app', group: 'app', system: true }],
  ['adduser -S app', { kind: 'add-user', name: 'app', system: true, createHome: true }],
  [
    'adduser -D -g "An app" -h /home/x -s /bin/sh x',
    { kind: 'add-user', name: 'x', home: '/home/x', shell: '/bin/sh', createHome: true, ownGroup: true },
  ],
  [
    'adduser -r -m -d /x -g 0 app',
    { kind: 'add-user', name: 'app', group: '0', home: '/x', system: true, createHome: true },
  ],
  ['adduser www-data app', { kind: 'add-to-group', name: 'www-data', group: 'app' }],
  ['addgroup -S -g 101 app', { kind: 'add-group', name: 'app', gid: '101', system: true }],
  ['addgroup --system --gid 1001 nodejs', { kind: 'add-group', name: 'nodejs', gid: '1001', system: true }],
  ['addgroup nginx www', { kind: 'add-to-group', name: 'nginx', group: 'www' }],
  ['groupadd -r --gid 999 app', { kind: 'add-group', name: 'app', gid: '999', system: true }],
  ['usermod -u 1000 -aG docker app', { kind: 'change-user', name: 'app', uid: '1000', groups: 'docker' }],
  ['usermod -l new old', { kind: 'change-user', name: 'old' }],
  ['groupmod -g 1000 app', { kind: 'change-group', name: 'app', gid: '1000' }],
  ['deluser --remove-home app', { kind: 'remove-user', name: 'app' }],
  ['userdel -r app', { kind: 'remove-user', name: 'app' }],
  ['delgroup app', { kind: 'remove-group', name: 'app' }],
  ['gpasswd -a app docker', { kind: 'add-to-group', name: 'app', group: 'docker' }],
  ['passwd -d root', { kind: 'set-password', name: 'root' }],
  ['chpasswd', { kind: 'set-password' }],
  ['chsh -s /bin/bash app', { kind: 'change-user', name: 'app', shell: '/bin/bash' }],
  ['id app', undefined],
])('%s', (text, expected) => {
  expect(read(text)).toEqual(expected);
});
