import type { Definition } from '../catalog/definition.ts';
import { readLines } from '../server-configuration/lines.ts';
import { type Adaptation, type BuildView, type Ecosystem, nothingToAdapt } from './ecosystem.ts';
import { finalStage, usesImage } from './recognise.ts';
import { changesOfFiles, exposedPorts, type ServerText, unreadReview } from './server-changes.ts';
import { serverCommands } from './server-commands.ts';
import { copiedKeys, filesBelow, type ServerFile } from './server-files.ts';

/** Traefik: proxies with their static configuration. */
export const ecosystem: Ecosystem = {
  name: 'traefik',
  title: 'Traefik',
  images: ['traefik'],
  blocked: undefined,
  programs: ['traefik'],
  recognise: (view) => usesImage(view, ['traefik']),
  runtime: () => ({ image: 'traefik', version: undefined, flavor: undefined, why: 'Traefik is what the image is for' }),
  adapt,
  launch: () => undefined,
  probe: () => undefined,
  startsByItself: true,
};

function adapt(view: BuildView, runtime?: Definition): Adaptation {
  if (finalStage(view).hardened !== undefined || runtime === undefined) return nothingToAdapt;
  const { unread, ...changes } = changesOfFiles(configurationFiles(view), readStatic);
  const commands = serverCommands(view, {
    name: 'traefik',
    owned: [],
    sites: [],
    configuration: [],
    settled: /(?!)/,
    logs: '/var/log/traefik',
    checks: /(?!)/,
  });
  const socket = (view.start ?? []).some((word) => /^--providers\.docker(=true)?$/i.test(word));
  const { from } = finalStage(view);
  return {
    ...nothingToAdapt,
    ...changes,
    listens: [
      ...changes.listens,
      ...(unread.length > 0 ? exposedPorts(view).map((port) => ({ port, place: undefined })) : []),
    ],
    reviews: [
      ...changes.reviews,
      ...unread.map((file) => unreadReview(file, 'Traefik', runtime.user)),
      ...(socket ? [{ instruction: from, ...dockerSocket }] : []),
    ],
    needless: commands.needless,
    owns: [...changes.owns, ...commands.given, ...copiedKeys(view)],
  };
}

const dockerSocket = {
  message: 'Traefik asks Docker for its services, and may not open /var/run/docker.sock any more',
  why: 'the socket belongs to root, and Traefik runs as nonroot (65532)',
  fix: "add the socket's group to the container (group_add), or put a proxy in front of the socket",
};

/** Static configuration: where Traefik looks by itself, and what `--configFile` names. */
function configurationFiles(view: BuildView): ServerFile[] {
  const given = (view.start ?? []).flatMap((word) => /^--configFile=(\/.*)$/i.exec(word)?.[1] ?? []);
  const usual = filesBelow(view, '/etc/traefik').filter(({ path }) => /\/traefik\.(ya?ml|toml)$/.test(path));
  return [
    ...usual,
    ...given.flatMap((path) => (usual.some((file) => file.path === path) ? [] : filesBelow(view, path))),
  ];
}

/** Addresses of entry points in YAML or TOML: one a line in both. Source: Traefik's documentation of its entry points. */
function readStatic(text: ServerText): void {
  let isDocker = false;
  for (const { words } of readLines(text.text)) {
    const line = words.map((word) => word.text).join(' ');
    const value = words.at(-1)!;
    const digits = /^address ?[:=] ?["']?[^"']*:(\d{1,5})(?:\/(?:tcp|udp))?["']?$/.exec(line)?.[1];
    if (digits !== undefined) {
      const start = value.range.start + value.text.lastIndexOf(digits);
      text.listen(Number(digits), { start, end: start + digits.length });
    }
    isDocker ||= /^(docker:|\[providers\.docker\])/.test(line);
  }
  if (isDocker) text.review(dockerSocket.message, dockerSocket.why, dockerSocket.fix);
}
