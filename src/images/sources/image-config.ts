import { asObject, asText, asTexts, isObject } from './json-document.ts';
import type { Platform } from './platform.ts';

/** The configuration of an image, as far as it is looked at. Layout: the OCI image specification and Docker's own. */
export interface ImageConfig {
  readonly platform: Platform;
  readonly user: string;
  readonly workdir: string;
  readonly environment: ReadonlyMap<string, string>;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  /** `["CMD", …]`, `["CMD-SHELL", text]`, `["NONE"]`; undefined where there is none */
  readonly healthCheck: readonly string[] | undefined;
  /** what runs shell forms */
  readonly shell: readonly string[];
  readonly stopSignal: string | undefined;
  readonly diffIds: readonly string[];
  /** the instruction behind each layer, as far as the history says */
  readonly createdBy: readonly (string | undefined)[];
}

export function readImageConfig(document: unknown): ImageConfig {
  const root = asObject(document, 'the image configuration');
  const config = isObject(root.config) ? root.config : {};
  const rootfs = isObject(root.rootfs) ? root.rootfs : {};
  const health = isObject(config.Healthcheck) ? asTexts(config.Healthcheck.Test) : undefined;
  return {
    platform: {
      os: asText(root.os) ?? 'linux',
      architecture: asText(root.architecture) ?? 'unknown',
      variant: asText(root.variant),
    },
    user: asText(config.User) ?? '',
    workdir: asText(config.WorkingDir) ?? '/',
    environment: environmentOf(asTexts(config.Env) ?? []),
    entrypoint: asTexts(config.Entrypoint) ?? [],
    cmd: asTexts(config.Cmd) ?? [],
    ports: isObject(config.ExposedPorts) ? Object.keys(config.ExposedPorts).sort(byNumber) : [],
    volumes: isObject(config.Volumes) ? Object.keys(config.Volumes).sort() : [],
    healthCheck: health === undefined || health.length === 0 ? undefined : health,
    shell: asTexts(config.Shell) ?? ['/bin/sh', '-c'],
    stopSignal: asText(config.StopSignal),
    diffIds: asTexts(rootfs.diff_ids) ?? [],
    createdBy: historyOf(root.history),
  };
}

const byNumber = (one: string, other: string) => Number.parseInt(one, 10) - Number.parseInt(other, 10);

/** Of a name that stands twice, the last counts, as in a process. */
function environmentOf(pairs: readonly string[]): Map<string, string> {
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      return equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

function historyOf(history: unknown): (string | undefined)[] {
  if (!Array.isArray(history)) return [];
  return history.filter((step) => isObject(step) && step.empty_layer !== true).map((step) => asText(step.created_by));
}
