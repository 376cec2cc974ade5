import { DATABASES } from './images/databases.ts';
import { DISTRIBUTIONS } from './images/distributions.ts';
import { distroless } from './images/distroless.ts';
import { JAVA } from './images/java.ts';
import type { KnownImage } from './images/known-image.ts';
import { LANGUAGES } from './images/languages.ts';
import { PHP } from './images/php.ts';
import { bitnami, canonical, chainguard, publisherTargets, ubi } from './images/publishers.ts';
import { SERVERS } from './images/servers.ts';
import { thirdParty, thirdPartyTargets } from './images/third-party.ts';
import { VENDORS } from './images/vendors.ts';
import type { Repository } from './repository.ts';

const OFFICIAL = new Map<string, KnownImage>(
  [...LANGUAGES, ...PHP, ...JAVA, ...SERVERS, ...DATABASES].map((image) => [
    image.name,
    { ...image, today: image.name },
  ]),
);

/** Official images that have neither a hardened counterpart nor a table of their own. */
const WITHOUT_COUNTERPART = new Set(
  `adminer api-firewall backdrop bonita chronograf cirros convertigo consul drupal eggdrop espocrm flink friendica gazebo
  geonetwork ghost haxe hello-world hitch hylang irssi joomla krakend lightstreamer matomo mongo-express monica nextcloud
  nim notary odoo perl-threaded phpmyadmin php-zendserver plone postfixadmin rakudo-star redmine rocket.chat ros satosa
  silverpeas spiped storm swipl teamspeak unit websphere-liberty xwiki yourls znc neurodebian alt hive nuxeo`.split(
    /\s+/,
  ),
);

function official(name: string): KnownImage | undefined {
  return (
    OFFICIAL.get(name) ??
    DISTRIBUTIONS.get(name) ??
    (WITHOUT_COUNTERPART.has(name)
      ? { name, family: 'unknown', today: name, reason: `the catalog has no ${name} image` }
      : thirdParty(name))
  );
}

function byPath(path: string): KnownImage | undefined {
  const row = VENDORS.get(path) ?? DISTRIBUTIONS.get(path);
  if (row !== undefined) return row;
  const vendor = thirdParty(path);
  return vendor?.official === undefined ? vendor : official(vendor.official);
}

/** The official image that one of somebody's own is called like: `registry.example.com/base/eclipse-temurin`. */
export function namesakeOf(repository: string): string | undefined {
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  const known = OFFICIAL.get(name) ?? DISTRIBUTIONS.get(name);
  return known?.hardened === undefined ? undefined : name;
}

/** The image that a repository is known as, before its tag is read; undefined if it is not known. */
export function knownImage({ kind, path }: Repository): KnownImage | undefined {
  switch (kind) {
    case 'scratch':
      return DISTRIBUTIONS.get('scratch');
    case 'official':
      return official(path);
    case 'hardened':
      return { name: path, hardened: path, family: path === 'alpine-base' ? 'alpine' : 'debian' };
    case 'hub': {
      const name = path.slice(path.indexOf('/') + 1);
      const row = byPath(path);
      if (row !== undefined) return row;
      if (path.startsWith('bitnami/') || path.startsWith('bitnamilegacy/')) {
        return name === 'minideb' ? DISTRIBUTIONS.get('bitnami/minideb') : bitnami(name);
      }
      if (path.startsWith('chainguard/')) return chainguard(name);
      if (path.startsWith('ubuntu/')) return canonical(name);
      return undefined;
    }
    default: {
      if (path.startsWith('gcr.io/distroless/')) return distroless(path.slice('gcr.io/distroless/'.length));
      const red = /^registry\.(?:access\.redhat\.com|redhat\.io)\/(.*)$/.exec(path);
      if (red !== null) return ubi(red[1]!);
      if (path.startsWith('registry.suse.com/')) return DISTRIBUTIONS.get('opensuse');
      const guard = /^cgr\.dev\/[^/]+\/([^/]+)$/.exec(path);
      if (guard !== null) return DISTRIBUTIONS.get(`chainguard/${guard[1]}`) ?? chainguard(guard[1]!);
      if (path.startsWith('public.ecr.aws/bitnami/')) return bitnami(path.slice('public.ecr.aws/bitnami/'.length));
      if (path.startsWith('public.ecr.aws/ubuntu/') && path !== 'public.ecr.aws/ubuntu/ubuntu') {
        return canonical(path.slice('public.ecr.aws/ubuntu/'.length));
      }
      return byPath(path);
    }
  }
}

/** Every hardened image that the tables name: each must be in the catalog. */
export function hardenedTargets(): readonly string[] {
  const named = [...OFFICIAL.values(), ...DISTRIBUTIONS.values(), ...VENDORS.values()].flatMap(
    ({ hardened }) => hardened ?? [],
  );
  return [...new Set([...named, 'docker-dind', ...thirdPartyTargets(), ...publisherTargets()])].sort();
}
