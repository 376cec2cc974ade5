import type { TagMeaning } from '../read-tag.ts';
import type { Brings } from '../source-image.ts';
import type { BuiltTag, KnownImage } from './known-image.ts';

/** Microsoft's .NET images. Source: their public Dockerfiles (dotnet/dotnet-docker), as known in general. */

const majorOf = (tag: TagMeaning): number => Number.parseInt(tag.version ?? '0', 10);

/** from .NET 8 on (its previews had 64198) */
const APP: Brings['users'] = { app: '1654:1654' };

/** Whether the image has no shell: Ubuntu's chiseled and Azure Linux's distroless tags. */
const isBare = (tag: TagMeaning): boolean => tag.words.some((word) => word === 'chiseled' || word === 'distroless');

/** What programs see of the image: ports to listen on, and whether there is no ICU. */
function environmentOf(tag: BuiltTag, sdk: boolean): Record<string, string> {
  const modern = majorOf(tag) === 0 || majorOf(tag) >= 8;
  const lacksIcu = !sdk && !tag.has('extra') && (tag.family === 'alpine' || isBare(tag));
  return {
    DOTNET_RUNNING_IN_CONTAINER: 'true',
    ...(modern ? { APP_UID: '1654' } : {}),
    // the SDK's images unset what the runtime's set
    ...(sdk ? {} : modern ? { ASPNETCORE_HTTP_PORTS: '8080' } : { ASPNETCORE_URLS: 'http://+:80' }),
    ...(lacksIcu ? { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: 'true' } : {}),
  };
}

function brings(tools: readonly string[]): (tag: BuiltTag) => Partial<Brings> {
  const sdk = tools.includes('git');
  return (tag) => {
    const modern = majorOf(tag) === 0 || majorOf(tag) >= 8;
    const bare = isBare(tag);
    return {
      tools: tag.has('aot') && sdk ? [...tools, 'clang', 'gcc'] : tools,
      cmd: bare
        ? undefined
        : tag.family === 'alpine'
          ? ['/bin/sh']
          : tag.family === 'debian'
            ? ['bash']
            : ['/bin/bash'],
      shell: bare ? undefined : tag.family === 'alpine' ? 'ash' : 'bash',
      user: bare ? (modern ? '1654' : 'app') : undefined,
      users: modern ? APP : {},
      environment: environmentOf(tag, sdk),
      packages:
        tag.family === 'alpine' ? ['ca-certificates', 'libgcc', 'libssl3', 'libstdc++'] : ['ca-certificates', 'tzdata'],
    };
  };
}

/** Without a release word the .NET tags are Debian up to 9 and Ubuntu from 10 on. */
const family = (tag: TagMeaning): Partial<KnownImage> => {
  const major = majorOf(tag);
  if (tag.family !== undefined) return {};
  if (major >= 10) return { family: 'ubuntu', release: 'noble' };
  return major >= 8 ? { release: 'bookworm' } : major === 6 || major === 7 ? { release: 'bullseye' } : {};
};

const SDK: KnownImage = {
  name: 'dotnet/sdk',
  hardened: 'dotnet',
  hardenedWords: ['sdk'],
  family: 'debian',
  refine: family,
  brings: brings(['dotnet', 'pwsh', 'git', 'curl', 'wget', 'tar']),
};
const RUNTIME: KnownImage = {
  name: 'dotnet/runtime',
  hardened: 'dotnet',
  family: 'debian',
  refine: family,
  brings: brings(['dotnet']),
};
const ASPNET: KnownImage = {
  name: 'dotnet/aspnet',
  hardened: 'aspnetcore',
  family: 'debian',
  refine: family,
  brings: brings(['dotnet']),
};
const DEPENDENCIES: KnownImage = {
  name: 'dotnet/runtime-deps',
  hardened: 'dotnet',
  family: 'debian',
  refine: family,
  brings: brings([]),
};

/** What was published to Docker Hub up to .NET Core 2.2 says in its tag which image it is: `2.1-sdk`. */
const HUB: KnownImage = {
  ...RUNTIME,
  refine: (tag) => {
    const has = (word: string): boolean => tag.words.includes(word);
    const image = has('sdk') ? SDK : has('aspnetcore') ? ASPNET : has('deps') ? DEPENDENCIES : RUNTIME;
    return { ...image, ...(tag.family === undefined ? {} : { family: tag.family }) };
  },
};

/** .NET's repositories by path. */
export const NET: readonly (readonly [string, KnownImage])[] = [
  ...['dotnet', 'dotnet/core', 'dotnet/nightly'].flatMap((folder) =>
    [SDK, RUNTIME, ASPNET, DEPENDENCIES].map(
      (image) => [`mcr.microsoft.com/${folder}/${image.name.slice('dotnet/'.length)}`, image] as const,
    ),
  ),
  ['microsoft/dotnet', HUB],
  ['microsoft/aspnetcore', ASPNET],
  ['microsoft/aspnetcore-build', SDK],
];
