import { describe, expect, it } from 'vitest';
import { parseShell } from '../../src/shell/parse.ts';
import { commandsOf } from '../../src/shell/walk.ts';
import { unwrap } from '../../src/shell/wrappers.ts';

const unwrapped = (text: string) => unwrap(commandsOf(parseShell(text))[0]!.command);

describe('unwrap', () => {
  it.each([
    ['apt-get install -y x', 'apt-get install -y x', ''],
    ['/usr/bin/apt-get update', 'apt-get update', ''],
    ['sudo -E -u app apt-get update', 'apt-get update', 'sudo'],
    ['sudo DEBIAN_FRONTEND=x apt update', 'apt update', 'sudo'],
    ['env A=b C="d e" npm ci', 'npm ci', 'env'],
    ['env -u HTTP_PROXY -i npm ci', 'npm ci', 'env'],
    ['exec nice -n 5 nohup python3 app.py', 'python3 app.py', 'exec nice nohup'],
    ['gosu app:app ./run -x', './run -x', 'gosu'],
    ['tini -g -- node server.js', 'node server.js', 'tini'],
    ['dumb-init -- node server.js', 'node server.js', 'dumb-init'],
    ['/sbin/tini -v -- node', 'node', 'tini'],
    ['timeout -k 5 30 curl x', 'curl x', 'timeout'],
    ['xargs -n 1 -r pip install', 'pip install', 'xargs'],
    ['command -v git', 'command -v git', ''],
    ['command git pull', 'git pull', 'command'],
    ['sudo -s', 'sudo -s', ''],
    ['env', 'env', ''],
    ['./mvnw package', 'mvnw package', ''],
    ['/app/install.sh x', '/app/install.sh x', ''],
    ['/opt/venv/bin/pip install x', 'pip install x', ''],
    ['$VENV/bin/pip install x', 'pip install x', ''],
    ['bash script.sh', 'bash script.sh', ''],
  ])('%s', (text, words, wrappers) => {
    const result = unwrapped(text);
    expect(result.words.map((word) => word.value).join(' ')).toBe(words);
    expect(result.wrappers.join(' ')).toBe(wrappers);
  });

  it('keeps the user, the directory, the assignments and the path', () => {
    expect(unwrapped('sudo -u postgres psql').user!.value).toBe('postgres');
    expect(unwrapped('su-exec 1000:1000 x').user!.value).toBe('1000:1000');
    expect(
      unwrapped('A=1 env -C /src B=2 make').assignments.map(({ name, value }) => `${name}=${value!.value}`),
    ).toEqual(['A=1', 'B=2']);
    expect(unwrapped('env -C /src make').directory!.value).toBe('/src');
    expect(unwrapped('/opt/venv/bin/pip list').path!.value).toBe('/opt/venv/bin/pip');
  });

  it.each([
    ["sh -c 'apt-get update && apt-get install x'", 'apt-get|apt-get'],
    ['bash -lc "npm ci"', 'npm'],
    ['bash -euxo pipefail -c "a | b"', 'a|b'],
    ["su - app -c 'make install'", 'make'],
    ['su app -s /bin/sh -c "make \\"$X\\""', 'make'],
    ["sudo sh -c 'echo hi > /x'", 'echo'],
    ['runuser -u app -- make', ''],
  ])('reads the script of %s', (text, programs) => {
    const { script } = unwrapped(text);
    const found = script === undefined ? '' : commandsOf(script).map(({ command }) => command.words[0]!.value);
    expect([found].flat().join('|')).toBe(programs);
  });

  it('places an inner script where it stands', () => {
    const text = "sh -c 'ls; npm ci'";
    const npm = commandsOf(unwrapped(text).script!)[1]!.command;
    expect(text.slice(npm.range.start, npm.range.end)).toBe('npm ci');
    const escaped = 'sh -c "ls; echo \\"x\\""';
    const echo = commandsOf(unwrapped(escaped).script!)[1]!.command;
    expect(escaped.slice(echo.range.start, echo.range.end)).toBe('"ls; echo \\"x\\""');
  });

  it('ends on endless wrappers', () => {
    expect(unwrapped(`${'exec '.repeat(50000)}ls`).wrappers).toHaveLength(16);
  });
});
