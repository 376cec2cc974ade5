import type { Probe } from './ecosystem.ts';
import { quoted } from './quoted.ts';

/** ports that `fetch` refuses to ask (Fetch Standard, "bad port") */
const refusedPorts: ReadonlySet<string> = new Set(
  (
    '0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 ' +
    '135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 ' +
    '995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080'
  ).split(' '),
);

/** A health check in JavaScript, for runtimes with `fetch`; undefined where `fetch` does not ask that port. */
export function fetchProbe(
  { url, timeout, failsFrom, followRedirects }: Probe,
  exit: 'process.exit' | 'Deno.exit',
): string | undefined {
  if (refusedPorts.has(new URL(url).port)) return undefined;
  const options: string[] = [];
  if (!followRedirects) options.push("redirect:'manual'");
  if (timeout !== undefined) options.push(`signal:AbortSignal.timeout(${Math.round(timeout * 1000)})`);
  const target = `${quoted(url)}${options.length > 0 ? `,{${options.join(',')}}` : ''}`;
  const verdict = failsFrom === undefined ? '0' : `r.status<${failsFrom}?0:1`;
  return `fetch(${target}).then(r=>${exit}(${verdict}),()=>${exit}(1))`;
}

/** The same where certificates are not checked, as Node.js and Bun take it. */
export function uncheckedCertificates({ insecure }: Probe): string {
  return insecure ? 'process.env.NODE_TLS_REJECT_UNAUTHORIZED=0;' : '';
}
