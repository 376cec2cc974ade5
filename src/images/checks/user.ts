import { posix } from 'node:path';
import { reaches } from '../accounts.ts';
import { type ImageContext, ownership, userName } from '../image-context.ts';
import type { ImageFinding } from '../image-finding.ts';
import type { Found } from '../image-tree.ts';

/** Checks what the user of the image is, and what it may do where it has to. */
export function checkUser(context: ImageContext): ImageFinding[] {
  return [
    ...checkAccount(context),
    ...checkWorkdir(context),
    ...context.config.volumes.flatMap((volume) => checkVolume(volume, context)),
    ...checkTemporaryFolder(context),
    ...checkPorts(context),
  ];
}

function checkAccount({ config, noUser, user }: ImageContext): ImageFinding[] {
  if (noUser !== undefined) {
    const file = noUser.missing === 'user' ? '/etc/passwd' : '/etc/group';
    return [
      {
        rule: 'unknown-user',
        severity: 'error',
        path: file,
        layer: undefined,
        message: `USER ${config.user} names a ${noUser.missing} that is not in ${file}: the container does not start`,
        why: `there is no ${JSON.stringify(noUser.name)}`,
        fix: `name a ${noUser.missing} that the image has, or a number`,
      },
    ];
  }
  if (user.uid !== 0) return [];
  return [
    {
      rule: 'runs-as-root',
      severity: 'review',
      path: undefined,
      layer: undefined,
      message: 'the image runs as root',
      why: config.user === '' ? 'it has no USER' : `USER is ${config.user}`,
      fix: 'set USER to a user without rights, and give it the files that it writes',
    },
  ];
}

function checkWorkdir(context: ImageContext): ImageFinding[] {
  const { config, tree, user } = context;
  const found = tree.find(config.workdir);
  const tell = (
    severity: ImageFinding['severity'],
    message: string,
    why: string | undefined,
    fix: string | undefined,
  ): ImageFinding[] => [
    { rule: 'working-directory', severity, path: config.workdir, layer: found?.entry.layer, message, why, fix },
  ];
  if (found === undefined) {
    return tell(
      'info',
      `the working directory ${config.workdir} is not in the image`,
      'engines make it when the container starts, for root alone',
      undefined,
    );
  }
  if (found.entry.kind !== 'directory')
    return tell('error', `the working directory ${config.workdir} is no folder`, undefined, 'set WORKDIR to a folder');
  if (!reaches(user, found, 'execute')) {
    return tell(
      'error',
      `${userName(user)} may not enter the working directory ${config.workdir}`,
      ownership(found.entry),
      'give the folder to the user of the image (COPY --chown)',
    );
  }
  if (user.uid === 0 || found.path === '/' || reaches(user, found, 'write')) return [];
  return tell(
    'info',
    `${userName(user)} may not write to the working directory ${config.workdir}`,
    ownership(found.entry),
    'give it to the user only if the program writes there',
  );
}

function checkVolume(volume: string, context: ImageContext): ImageFinding[] {
  const { config, tree, user } = context;
  const path = posix.resolve('/', config.workdir, volume);
  const found = tree.find(path);
  if (user.uid === 0 || (found !== undefined && isWritable(found, context))) return [];
  return [
    {
      rule: 'unwritable-volume',
      severity: 'error',
      path,
      layer: found?.entry.layer,
      message: `${userName(user)} may not write to the volume ${path}`,
      why: found === undefined ? 'the folder is not in the image, so engines make it for root' : ownership(found.entry),
      fix: 'make the folder in the build stage and copy it with --chown',
    },
  ];
}

function isWritable(found: Found, { user }: ImageContext): boolean {
  return found.entry.kind === 'directory' && reaches(user, found, 'write') && reaches(user, found, 'execute');
}

function checkTemporaryFolder(context: ImageContext): ImageFinding[] {
  const { config, tree, user } = context;
  const path = config.environment.get('TMPDIR') || '/tmp';
  const found = tree.find(path);
  if (user.uid === 0 || (found !== undefined && isWritable(found, context))) return [];
  return [
    {
      rule: 'unwritable-temporary-folder',
      severity: found === undefined ? 'info' : 'review',
      path,
      layer: found?.entry.layer,
      message: found === undefined ? `there is no ${path}` : `${userName(user)} may not write to ${path}`,
      why: found && ownership(found.entry),
      fix: 'set mode 1777 on it, or mount a temporary folder there',
    },
  ];
}

const firstFreePort = 1024;

function checkPorts({ config, user }: ImageContext): ImageFinding[] {
  if (user.uid === 0) return [];
  return config.ports
    .filter((port) => Number.parseInt(port, 10) < firstFreePort)
    .map((port) => ({
      rule: 'low-port',
      severity: 'review',
      path: undefined,
      layer: undefined,
      message: `${userName(user)} may not listen on port ${port.split('/')[0]} everywhere`,
      why: `EXPOSE ${port}; Docker lets any user have ports below ${firstFreePort}, Kubernetes does not`,
      fix: `listen on a port from ${firstFreePort} on, and map it`,
    }));
}
