import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bash } from '../command.ts';
import { put, unpack } from '../debian/root-filesystem.ts';
import type { Making } from './contents.ts';

/** Debian's nginx in the layout of its makers; the hardened one on 8080 and as nobody's root. */
export async function makeNginx({ apt, root, isSource }: Making): Promise<void> {
  const parts = mkdtempSync(join(tmpdir(), 'rehull-lab-nginx-'));
  try {
    await unpack(await apt.alone(['nginx', 'nginx-common']), parts);
    const script = `
      cd "$2"; mkdir -p usr/sbin etc/nginx/conf.d usr/share/nginx/html var/cache/nginx var/log/nginx var/lib/nginx run
      cp "$1/usr/sbin/nginx" usr/sbin/
      for name in mime.types fastcgi_params scgi_params uwsgi_params; do cp "$1/etc/nginx/$name" etc/nginx/; done
      printf '<h1>Welcome to nginx!</h1>\\n' > usr/share/nginx/html/index.html
      ln -sf /dev/stdout var/log/nginx/access.log; ln -sf /dev/stderr var/log/nginx/error.log
      if [ "$3" = hardened ]; then
        mkdir -p run/nginx
        chown -R 65532:65532 var/cache/nginx etc/nginx run/nginx var/log/nginx var/lib/nginx usr/share/nginx/html
      fi`;
    await bash(script, [parts, root, isSource ? 'source' : 'hardened'], 60);
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
  const pid = isSource ? '/run/nginx.pid' : '/run/nginx/nginx.pid';
  const port = isSource ? 80 : 8080;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `    ${name}_temp_path /var/cache/nginx/${name}_temp;\n`)
    .join('');
  const user = isSource ? 'user nginx;\n' : '';
  put(
    root,
    '/etc/nginx/nginx.conf',
    `${user}worker_processes auto;\nerror_log /var/log/nginx/error.log notice;\npid ${pid};\n\nevents {\n    worker_connections 1024;\n}\n\nhttp {\n    include /etc/nginx/mime.types;\n    default_type application/octet-stream;\n    access_log /var/log/nginx/access.log;\n${temporary}    sendfile on;\n    keepalive_timeout 65;\n    include /etc/nginx/conf.d/*.conf;\n}\n`,
  );
  put(
    root,
    '/etc/nginx/conf.d/default.conf',
    `server {\n    listen ${port};\n    server_name localhost;\n\n    location / {\n        root /usr/share/nginx/html;\n        index index.html;\n    }\n}\n`,
  );
}
