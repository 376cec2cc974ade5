import type { LocalProbe, Probe } from './ecosystem.ts';

/** Net::HTTP does not follow redirects; a check that has to needs a loop of its own, which is not written here. */
export function probe({
  url,
  timeout,
  failsFrom,
  followRedirects,
  insecure,
  request,
}: Probe): readonly string[] | undefined {
  if (request !== undefined) return undefined;
  if (followRedirects && failsFrom !== undefined && failsFrom > 300) {
    return followed(url, timeout, insecure);
  }
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const secure = protocol === 'https:';
  const options: string[] = [];
  if (secure) options.push('use_ssl: true');
  if (secure && insecure) options.push('verify_mode: OpenSSL::SSL::VERIFY_NONE');
  if (timeout !== undefined) options.push(`open_timeout: ${timeout}`, `read_timeout: ${timeout}`);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const given = options.length > 0 ? `, ${options.join(', ')}` : '';
  const ask = `Net::HTTP.start(${quoted(host)}, ${port || (secure ? 443 : 80)}${given}) { |h| h.get(${quoted(pathname + search)}) }`;
  const verdict = failsFrom === undefined ? ask : `exit ${ask}.code.to_i < ${failsFrom}`;
  return ['ruby', '-rnet/http', '-e', verdict];
}

/** open-uri follows redirects, and raises from status 400. */
function followed(url: string, timeout: number | undefined, insecure: boolean): readonly string[] {
  const options = [
    ...(timeout === undefined ? [] : [`, open_timeout: ${timeout}, read_timeout: ${timeout}`]),
    ...(insecure ? [', ssl_verify_mode: OpenSSL::SSL::VERIFY_NONE'] : []),
  ].join('');
  return ['ruby', '-ropen-uri', '-e', `URI.open(${quoted(url)}${options})`];
}

const tests = { file: 'file?', folder: 'directory?', there: 'exist?', filled: 'size?' } as const;

export function localProbe(probe: LocalProbe): readonly string[] {
  if (probe.kind === 'path') return ['ruby', '-e', `exit !!File.${tests[probe.is]}(${quoted(probe.path)})`];
  const { host, port, timeout } = probe;
  const wait = timeout === undefined ? '' : `, connect_timeout: ${timeout}`;
  return ['ruby', '-rsocket', '-e', `Socket.tcp(${quoted(host)}, ${port}${wait}).close`];
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
