import { describe, expect, it } from 'vitest';
import type { PathUse } from '../../src/shell/file-command.ts';
import { fileEffects } from '../../src/shell/file-effects.ts';
import { parseShell } from '../../src/shell/parse.ts';
import { commandsOf } from '../../src/shell/walk.ts';
import { unwrap } from '../../src/shell/wrappers.ts';

const effects = (text: string) => {
  const { words, command } = unwrap(commandsOf(parseShell(text)).at(-1)!.command);
  return fileEffects(words, command);
};

const shown = ({ path, glob, word }: PathUse) => (path === undefined ? `?${word.raw}` : glob ? `${path} (glob)` : path);

const summary = (text: string) => {
  const { reads, writes, removes, owners, modes, known } = effects(text);
  const list = (name: string, items: readonly string[]) => (items.length > 0 ? [`${name} ${items.join(' ')}`] : []);
  return [
    ...list('reads', reads.map(shown)),
    ...list('writes', writes.map(shown)),
    ...list('removes', removes.map(shown)),
    ...owners.map(({ path, owner, recursive }) => `owner ${shown(path)} ${owner?.value}${recursive ? ' -R' : ''}`),
    ...modes.map(({ path, mode, recursive }) => `mode ${shown(path)} ${mode.value}${recursive ? ' -R' : ''}`),
    ...(known ? [] : ['unknown']),
  ].join('; ');
};

describe('fileEffects', () => {
  it.each([
    ['mkdir -p /var/log/app /data', 'writes /var/log/app /data'],
    ['mkdir -m 0700 /data', 'writes /data; mode /data 0700'],
    ['mkdir -p /app/{a,b}', 'writes ?/app/{a,b}'],
    ['install -d -o app -g app -m 750 /data', 'writes /data; owner /data app; mode /data 750'],
    ['install -m 755 bin/x /usr/local/bin/', 'reads bin/x; writes /usr/local/bin/x; mode /usr/local/bin/x 755'],
    ['touch -d yesterday /x', 'writes /x'],
    ['cp -r a lib/b /dst', 'reads a lib/b; writes /dst/a /dst/b'],
    ['cp -r a/* b /dst', 'reads a/* (glob) b; writes /dst'],
    ['mv "$OUT/gate" /usr/bin', 'reads ?"$OUT/gate"; writes /usr/bin/gate; removes ?"$OUT/gate"'],
    ['cp --parents etc/a/b /opt/x/', 'reads etc/a/b; writes /opt/x/'],
    ['cp -r src/. /usr/', 'reads src/.; writes /usr/'],
    ['cp gate /srv/gate', 'reads gate; writes /srv/gate'],
    ['update-alternatives --install /usr/bin/cc cc /usr/bin/gcc-13 90', 'writes /etc/alternatives'],
    ['update-alternatives --install /usr/bin/java java /opt/j/bin/java 9', 'writes /etc/alternatives /usr/bin'],
    ['cp -t /dst a', 'reads a; writes /dst/a'],
    ['mv *.jar app.jar', 'reads *.jar (glob); writes app.jar; removes *.jar (glob)'],
    ['ln -sf /dev/stdout /var/log/nginx/access.log', 'reads /dev/stdout; writes /var/log/nginx/access.log'],
    ['ln -s /opt/x/tool', 'reads /opt/x/tool; writes tool'],
    ['rm -rf /var/lib/apt/lists/* "$TMP"', 'removes /var/lib/apt/lists/* (glob) ?"$TMP"'],
    ['chown -R app:app /app /data', 'owner /app app:app -R; owner /data app:app -R'],
    ['chown --reference=/a /b', 'owner /b undefined'],
    ['chgrp -R 0 /app', 'owner /app :0 -R'],
    ['chmod +x /entrypoint.sh', 'mode /entrypoint.sh +x'],
    ['chmod -R g=u /app', 'mode /app g=u -R'],
    ['chmod -x /a', 'mode /a -x'],
    ['tee -a /etc/x', 'writes /etc/x'],
    ["sed -i 's/a/b/' /etc/x /etc/y", 'reads /etc/x /etc/y; writes /etc/x /etc/y'],
    ['sed -i.bak -e s/a/b/ /etc/x', 'reads /etc/x; writes /etc/x'],
    ['sed s/a/b/ /etc/x > /etc/y', 'reads /etc/x; writes /etc/y'],
    ['tar -xzf a.tgz -C /opt --strip-components=1', 'reads a.tgz; writes /opt'],
    ['tar xzf a.tgz -C /opt', 'reads a.tgz; writes /opt'],
    ['tar xfC a.tar /opt', 'reads a.tar; writes /opt'],
    ['tar -xJ', 'writes .'],
    ['tar -czf /out.tgz dir', 'reads dir; writes /out.tgz'],
    ['php -m', ''],
    ['php --version', ''],
    ['php -- --install-dir=/usr/local/bin --filename=composer', 'writes /usr/local/bin/composer'],
    ['php composer-setup.php --version=2.8.1', 'writes ./composer.phar'],
    [`php -r "copy('https://example.com/installer', 'composer-setup.php');"`, 'writes composer-setup.php'],
    [`php -r "unlink('composer-setup.php');"`, 'removes composer-setup.php'],
    [`php -r 'file_put_contents("x", "y");'`, 'unknown'],
    ['php artisan optimize', 'unknown'],
    ['php -S 0.0.0.0:80', 'unknown'],
    ['unzip -q a.zip -d /opt', 'reads a.zip; writes /opt'],
    ['unzip a.zip', 'reads a.zip; writes .'],
    ['gunzip a.gz', 'reads a.gz; writes a; removes a.gz'],
    ['curl -fsSL https://example.com/x', ''],
    ['curl -fsSLo /usr/bin/x https://example.com/x', 'writes /usr/bin/x'],
    ['curl -LO https://example.com/a/tool.tgz?x=1', 'writes tool.tgz'],
    ['curl -LO "https://example.com/$V/tool.tgz"', 'writes tool.tgz'],
    ['curl -LO https://example.com/tool-$V', 'writes ?https://example.com/tool-$V'],
    ['curl -O --output-dir /tmp https://example.com/x', 'writes /tmp/x'],
    ['curl -H "A: b" https://example.com/x > /y', 'writes /y'],
    ['wget -qO- https://example.com/x', ''],
    ['wget -q -O /tmp/x https://example.com/x', 'writes /tmp/x'],
    ['wget -P /tmp https://example.com/a/b.zip', 'writes /tmp/b.zip'],
    ['wget https://example.com/a/b.zip', 'writes b.zip'],
    ['git clone --depth 1 -b main https://example.com/o/repo.git', 'writes repo'],
    ['git clone https://example.com/o/repo /src', 'writes /src'],
    ['git -C /src checkout main', 'writes /src'],
    ['git config --global user.name x', ''],
    ['echo hi > /etc/x', 'writes /etc/x'],
    ['echo hi >> "$F"', 'writes ?"$F"'],
    ['echo hi > /dev/null 2>&1', ''],
    ['cat <<E > /etc/x\nbody\nE\n', 'writes /etc/x'],
    ['dd if=/dev/zero of=/swap bs=1M', 'reads /dev/zero; writes /swap'],
    ['truncate -s 0 /var/log/x', 'writes /var/log/x'],
    ["find /app -name '*.pyc' -delete", 'reads /app; removes /app'],
    ['find /app /b -type d -exec chmod 755 {} \\;', 'reads /app /b; mode /app 755 -R; mode /b 755 -R'],
    ['find /tmp/x -name *.so -exec cp {} /usr/local/lib/ \\;', 'reads /tmp/x /tmp/x (glob); writes /usr/local/lib/'],
    ['find . -exec rm -rf {} +', 'reads .; removes .'],
    ['find . -exec strange {} +', 'reads .; unknown'],
    ['update-ca-certificates', 'writes /etc/ssl/certs'],
    ['openssl req -x509 -nodes -keyout /k.pem -out /c.pem', 'writes /k.pem /c.pem'],
    ['gpg --dearmor -o /usr/share/keyrings/x.gpg', 'writes /usr/share/keyrings/x.gpg'],
    ['ls -la', ''],
    ['[ -f /x ]', ''],
    ['command -v git', ''],
    ['make install', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s', (text, expected) => {
    expect(summary(text)).toBe(expected);
  });
});
