import type { LocalProbe, Probe, ProbeRequest } from './ecosystem.ts';
import { quoted } from './quoted.ts';

/** A request with more to it than its address, with the HTTP module of Node.js, which follows no redirects. */
export function requestProbe(
  { url, timeout, failsFrom, followRedirects, insecure }: Probe,
  { method, headers, body, socket, holds, status }: ProbeRequest,
): string | undefined {
  const good = [
    ...(status === undefined ? (failsFrom === undefined ? [] : [`r.status<${failsFrom}`]) : [`r.status===${status}`]),
    ...(holds === undefined ? [] : [`(await r.text()).includes(${quoted(holds)})`]),
  ];
  const verdict = good.length === 0 ? '0' : `${good.join('&&')}?0:1`;
  const pairs = headers.map(([name, value]) => `${quoted(name)}:${quoted(value)}`).join(',');
  if (followRedirects) {
    if (socket !== undefined || method !== 'GET' || body !== undefined || insecure) return undefined;
    if (headers.some(([name]) => /^(host|connection|content-length)$/i.test(name))) return undefined;
    const options = [
      ...(headers.length === 0 ? [] : [`headers:{${pairs}}`]),
      ...(timeout === undefined ? [] : [`signal:AbortSignal.timeout(${Math.round(timeout * 1000)})`]),
    ];
    const target = `${quoted(url)}${options.length === 0 ? '' : `,{${options.join(',')}}`}`;
    return `fetch(${target}).then(async r=>process.exit(${verdict})).catch(()=>process.exit(1))`;
  }
  const secure = url.startsWith('https:');
  const options = [
    ...(socket === undefined ? [] : [`socketPath:${quoted(socket)}`]),
    ...(method === 'GET' ? [] : [`method:${quoted(method)}`]),
    ...(headers.length === 0 ? [] : [`headers:{${pairs}}`]),
    ...(secure && insecure ? ['rejectUnauthorized:false'] : []),
    ...(timeout === undefined ? [] : [`signal:AbortSignal.timeout(${Math.round(timeout * 1000)})`]),
  ];
  const answer =
    holds === undefined
      ? `r=>process.exit(${verdict.replace('r.status', 'r.statusCode')})`
      : `r=>{let b='';r.on('data',d=>b+=d).on('error',()=>process.exit(1)).on('end',()=>process.exit(${verdict
          .replace('r.status', 'r.statusCode')
          .replace('(await r.text())', 'b')}))}`;
  const target = `${quoted(url)}${options.length === 0 ? '' : `,{${options.join(',')}}`}`;
  const end = body === undefined ? '.end()' : `.end(${quoted(body)})`;
  return `require('node:${secure ? 'https' : 'http'}').request(${target},${answer}).on('error',()=>process.exit(1))${end}`;
}

const tests = { file: 'isFile()', folder: 'isDirectory()', filled: 'size>0' } as const;

/** Whether something listens, or a path is there. */
export function localProbeScript(probe: LocalProbe): string {
  if (probe.kind === 'port') {
    const { host, port, timeout } = probe;
    const limit = timeout === undefined ? '' : `;setTimeout(()=>process.exit(1),${Math.round(timeout * 1000)})`;
    return `require('node:net').connect(${port},${quoted(host)}).on('connect',()=>process.exit(0)).on('error',()=>process.exit(1))${limit}`;
  }
  const path = quoted(probe.path);
  const there = `fs.existsSync(${path})`;
  const good = probe.is === 'there' ? there : `${there}&&fs.statSync(${path}).${tests[probe.is]}`;
  return `const fs=require('node:fs');process.exit(${good}?0:1)`;
}
