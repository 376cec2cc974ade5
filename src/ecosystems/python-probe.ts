import type { LocalProbe, Probe, ProbeRequest } from './ecosystem.ts';
import { quoted } from './quoted.ts';

/** urlopen follows redirects and raises from 400; without either, http.client asks once and judges nothing. */
export function probe(wanted: Probe): readonly string[] | undefined {
  const { url, timeout, failsFrom, followRedirects, insecure } = wanted;
  if (wanted.request !== undefined) return requested(wanted, wanted.request);
  const wait = timeout === undefined ? '' : `, timeout=${timeout}`;
  const context = insecure ? ', context=ssl._create_unverified_context()' : '';
  const modules = insecure ? ', ssl' : '';
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

/** A request with more to it than its address; undefined for redirects beyond what urlopen does by itself. */
function requested(
  { url, timeout, failsFrom, followRedirects, insecure }: Probe,
  { method, headers, body, socket, holds, status }: ProbeRequest,
): readonly string[] | undefined {
  const wait = timeout === undefined ? '' : `, timeout=${timeout}`;
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const secure = protocol === 'https:';
  const context = secure && insecure ? ', context=ssl._create_unverified_context()' : '';
  const modules = context === '' ? '' : ', ssl';
  const pairs = headers.map(([name, value]) => `${quoted(name)}: ${quoted(value)}`).join(', ');
  const fields = headers.length === 0 ? '' : `, headers={${pairs}}`;
  const data = body === undefined ? '' : `${quoted(body)}${/^[\x20-\x7e]*$/.test(body) ? '' : '.encode()'}`;
  const run = (text: string): readonly string[] => ['python3', '-c', text];
  if (followRedirects) {
    if (failsFrom !== 400 || socket !== undefined || status !== undefined || method !== 'GET' || body !== undefined)
      return undefined;
    const target = headers.length === 0 ? quoted(url) : `urllib.request.Request(${quoted(url)}${fields})`;
    const ask = `urllib.request.urlopen(${target}${wait}${context})`;
    return holds === undefined
      ? run(`import urllib.request${modules}; ${ask}`)
      : run(`import sys, urllib.request${modules}; sys.exit(b${quoted(holds)} not in ${ask}.read())`);
  }
  const host = quoted(hostname.replace(/^\[(.*)\]$/, '$1'));
  const kind = secure ? 'HTTPSConnection' : 'HTTPConnection';
  if (socket !== undefined && secure) return undefined;
  const connect = [
    `c = http.client.${kind}(${host}, ${port || (secure ? 443 : 80)}${wait}${context})`,
    ...(socket === undefined
      ? []
      : [
          'c.sock = socket.socket(socket.AF_UNIX)',
          ...(timeout === undefined ? [] : [`c.sock.settimeout(${timeout})`]),
          `c.sock.connect(${quoted(socket)})`,
        ]),
    `c.request(${quoted(method)}, ${quoted(pathname + search)}${data === '' ? '' : `, ${data}`}${fields})`,
    'r = c.getresponse()',
  ];
  const bad = [
    ...(status === undefined
      ? failsFrom === undefined
        ? []
        : [`r.status >= ${failsFrom}`]
      : [`r.status != ${status}`]),
    ...(holds === undefined ? [] : [`b${quoted(holds)} not in r.read()`]),
  ];
  const verdict = bad.length === 0 ? [] : [`sys.exit(${bad.join(' or ')})`];
  const imports = [
    ...(bad.length === 0 ? [] : ['sys']),
    ...(socket === undefined ? [] : ['socket']),
    `http.client${modules}`,
  ];
  return run(`import ${imports.join(', ')}; ${[...connect, ...verdict].join('; ')}`);
}

const tests = { file: 'isfile', folder: 'isdir', there: 'exists' } as const;

export function localProbe(probe: LocalProbe): readonly string[] {
  if (probe.kind === 'port') {
    const { host, port, timeout } = probe;
    const wait = timeout === undefined ? '' : `, ${timeout}`;
    return ['python3', '-c', `import socket; socket.create_connection((${quoted(host)}, ${port})${wait})`];
  }
  const path = quoted(probe.path);
  if (probe.is === 'filled')
    return ['python3', '-c', `import os, sys; sys.exit(not os.path.exists(${path}) or os.path.getsize(${path}) == 0)`];
  return ['python3', '-c', `import os, sys; sys.exit(not os.path.${tests[probe.is]}(${path}))`];
}
