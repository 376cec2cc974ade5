import type { Definition } from '../catalog/definition.ts';
import type { Probe } from './ecosystem.ts';

/** A check over HTTP with busybox's wget, where the image has it. It asks 127.0.0.1, since it tries one address of localhost alone. */
export function busyboxProbe(
  { url, timeout, failsFrom, insecure, request }: Probe,
  runtime?: Definition,
): readonly string[] | undefined {
  if (
    request !== undefined ||
    runtime?.packages.includes('busybox') !== true ||
    failsFrom !== 400 ||
    insecure ||
    !url.startsWith('http:')
  )
    return undefined;
  const wait = timeout === undefined ? [] : ['-T', String(Math.max(1, Math.round(timeout)))];
  return ['wget', '-q', ...wait, '-O', '/dev/null', url.replace(/^http:\/\/localhost(?=[:/]|$)/, 'http://127.0.0.1')];
}
