import type { Probe } from '../ecosystems/ecosystem.ts';

/** A request that the kubelet makes itself, as lines of a manifest. */
export interface Probed {
  readonly lines: readonly string[];
  /** the same in one line */
  readonly short: string;
  /** how it is stricter or laxer than the command was; undefined where it is neither */
  readonly strict: string | undefined;
}

/**
 * `httpGet` for a check of curl or wget. Undefined for an address outside of the container. The kubelet calls 200 to 399
 * good, does not verify certificates, and follows redirects to the same host.
 */
export function probeLines({ url, failsFrom }: Probe): Probed | undefined {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  if (!/^(localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/.test(hostname)) return undefined;
  const scheme = protocol === 'https:' ? ['  scheme: HTTPS'] : [];
  const number = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  const path = /^[\w./%-]+$/.test(pathname + search) ? pathname + search : JSON.stringify(pathname + search);
  const strict =
    failsFrom === undefined
      ? 'the command took any answer for a good one; the kubelet wants a status from 200 to 399'
      : undefined;
  return {
    lines: ['httpGet:', `  path: ${path}`, `  port: ${number}`, ...scheme],
    short: `httpGet ${pathname}${search} on port ${number}`,
    strict,
  };
}
