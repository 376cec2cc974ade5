import type { Ecosystem, Probe } from './ecosystem.ts';
import { adapt } from './python-adapt.ts';
import { launch, servers } from './python-launch.ts';
import { pythonDialect } from './python-launcher.ts';
import { usesImage, usesProgram } from './recognise.ts';

/** Python: packages live in a virtual environment that both stages hold at one path. */
export const ecosystem: Ecosystem = {
  name: 'python',
  title: 'Python',
  images: ['python', 'uv', 'pytorch'],
  blocked: undefined,
  programs: ['python', 'python3', 'uv', 'poetry', 'pipenv', ...servers],
  recognise: (view) =>
    usesImage(view, ['python']) ||
    usesProgram(view, /^(python[\d.]*|uv|poetry|pipenv)$/) ||
    usesProgram(view, new RegExp(`^(${servers.join('|')})$`)),
  runtime: (view) => ({
    image: usesImage(view, ['pytorch']) ? 'pytorch' : 'python',
    version: undefined,
    flavor: undefined,
    why: 'the program runs on Python',
  }),
  adapt,
  launch,
  expand: (argv) => [
    'python3',
    '-c',
    'import os, sys; a = [os.path.expandvars(x) for x in sys.argv[1:]]; os.execvp(a[0], a)',
    ...argv,
  ],
  launcher: {
    dialect: pythonDialect,
    interpreter: 'python3',
    extension: 'py',
    inline: (code) => ['python3', '-c', code],
  },
  probe,
};

/** urlopen follows redirects and raises from 400; without either, http.client asks once and judges nothing. */
function probe({ url, timeout, failsFrom, followRedirects, insecure }: Probe): readonly string[] {
  const wait = timeout === undefined ? '' : `, timeout=${timeout}`;
  const context = insecure ? ', context=ssl._create_unverified_context()' : '';
  const modules = insecure ? ', ssl' : '';
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
  if (followRedirects) {
    const ask = `urllib.request.urlopen(${quoted(url)}${wait}${context})`;
    if (failsFrom === 400) return ['python3', '-c', `import urllib.request${modules}; ${ask}`];
    return [
      'python3',
      '-c',
      `import urllib.request, urllib.error${modules}\ntry: ${ask}\nexcept urllib.error.HTTPError: pass`,
    ];
  }
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const [kind, usual] = protocol === 'https:' ? ['HTTPSConnection', 443] : ['HTTPConnection', 80];
  const host = quoted(hostname.replace(/^\[(.*)\]$/, '$1'));
  const connect = `c = http.client.${kind}(${host}, ${port || usual}${wait}${kind === 'HTTPSConnection' ? context : ''})`;
  const ask = `c.request('GET', ${quoted(pathname + search)})`;
  if (failsFrom === undefined)
    return ['python3', '-c', `import http.client${modules}; ${connect}; ${ask}; c.getresponse()`];
  return [
    'python3',
    '-c',
    `import sys, http.client${modules}; ${connect}; ${ask}; sys.exit(c.getresponse().status >= ${failsFrom})`,
  ];
}
