import type { Brings } from '../source-image.ts';
import type { KnownImage } from './known-image.ts';

/** Publishers whose images follow one pattern. Source: the publishers' catalogs, as known in general. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const pairs = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .trim()
      .split(/\s+/)
      .map((pair) => pair.split('=') as [string, string]),
  );

/** names that Chainguard and Docker share */
const CHAINGUARD_SAME = words(`
  python node nginx postgres redis bash busybox curl git maven gradle ruby rust php static kubectl helm haproxy memcached
  mariadb mysql rabbitmq traefik caddy bun deno uv prometheus grafana vault valkey kafka cassandra elasticsearch terraform
  trivy cosign crane tomcat jenkins keycloak mongodb wordpress amazoncorretto zookeeper composer
`);
const CHAINGUARD = pairs(`
  go=golang jre=eclipse-temurin jdk=eclipse-temurin dotnet-sdk=dotnet dotnet-runtime=dotnet
  aspnet-runtime=aspnetcore aws-cli=awscli clickhouse=clickhouse-server
`);

const PATHS = 'files, users and environment are laid out differently';

const NODE: Brings['users'] = { node: '65532:65532' };

/** A Chainguard image (`cgr.dev/<organisation>/<name>`), undefined for names that are not known. */
export function chainguard(name: string): KnownImage | undefined {
  // the FIPS builds have their own names
  const plain = name.replace(/-fips$/, '');
  const fips = plain === name ? {} : { hardenedWords: ['fips'] };
  const shared: Pick<KnownImage, 'family' | 'brings'> = {
    family: 'wolfi',
    brings: (tag) => ({
      user: plain.endsWith('-sdk') ? undefined : '65532',
      entrypoint: ENTRYPOINTS.get(plain),
      shell: tag.has('dev') || plain === 'bash' || plain === 'busybox' ? 'ash' : undefined,
      tools: tag.has('dev') ? ['apk', 'bash', 'git', ...(TOOLS.get(plain) ?? [])] : (TOOLS.get(plain) ?? []),
      ...(plain === 'nginx' ? { exposes: ['8080/tcp'] } : {}),
      ...(plain === 'node' ? { workdir: '/app' } : {}),
      users: plain === 'node' ? NODE : {},
    }),
  };
  if (plain === 'glibc-dynamic' || plain === 'gcc-glibc') {
    return plain === 'gcc-glibc'
      ? { ...shared, name: 'chainguard/gcc-glibc', reason: 'the catalog has no GCC image' }
      : {
          ...shared,
          name: 'chainguard/glibc-dynamic',
          hardened: 'static',
          substitute: true,
          hardenedWords: ['glibc'],
          reason: 'the hardened image has glibc but neither libgcc nor libstdc++',
        };
  }
  const hardened = CHAINGUARD_SAME.has(plain) ? plain : CHAINGUARD.get(plain);
  if (hardened === undefined) return undefined;
  const java = plain === 'jre' || plain === 'jdk' ? ({ java: plain } as const) : {};
  const sdk = plain === 'dotnet-sdk' ? { hardenedWords: ['sdk'] } : {};
  return { ...shared, ...java, ...sdk, ...fips, name: `chainguard/${plain}`, hardened };
}

const ENTRYPOINTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['python', ['/usr/bin/python']],
  ['node', ['/usr/bin/node']],
  ['go', ['/usr/bin/go']],
  ['ruby', ['/usr/bin/ruby']],
  ['php', ['/bin/php']],
  ['nginx', ['/usr/sbin/nginx']],
  ['jre', ['/usr/bin/java']],
]);
const TOOLS: ReadonlyMap<string, readonly string[]> = new Map([
  ['python', ['python', 'python3', 'pip', 'pip3']],
  ['node', ['node', 'npm', 'npx']],
  ['go', ['go', 'gofmt', 'gcc', 'g++', 'make', 'git']],
  ['ruby', ['ruby', 'gem', 'bundle']],
  ['php', ['php']],
]);

const BITNAMI_SAME = words(`
  redis mysql mariadb mongodb nginx kafka zookeeper rabbitmq memcached elasticsearch kubectl python node golang ruby git
  wordpress keycloak etcd prometheus grafana haproxy tomcat valkey cassandra opensearch external-dns metrics-server nats
  influxdb thanos airflow spark solr jenkins sonarqube mlflow vault oauth2-proxy fluentd fluent-bit redis-exporter
  postgres-exporter node-exporter kube-state-metrics neo4j couchdb logstash kibana pytorch alertmanager pushgateway
  contour argo-workflow-controller pgbouncer mediawiki dotnet
`);
const BITNAMI = pairs(`
  postgresql=postgres apache=httpd clickhouse=clickhouse-server argo-cd=argocd php-fpm=php java=eclipse-temurin
  dotnet-sdk=dotnet aspnet-core=aspnetcore aws-cli=awscli cert-manager=cert-manager-controller
`);
const DATABASES = words(`
  redis mysql mariadb mongodb kafka zookeeper rabbitmq memcached elasticsearch etcd valkey cassandra opensearch nats
  influxdb solr neo4j couchdb postgresql clickhouse
`);

/** A Bitnami image (`bitnami/<name>`); those without counterpart are known, too. */
export function bitnami(name: string): KnownImage {
  const hardened = BITNAMI_SAME.has(name) ? name : BITNAMI.get(name);
  return {
    name: `bitnami/${name}`,
    family: 'debian',
    hardened,
    substitute: true,
    reason:
      hardened === undefined
        ? 'the catalog has no counterpart of this Bitnami image'
        : 'paths below /opt/bitnami, user 1001 and the environment of Bitnami are not in the hardened image',
    ...(name === 'dotnet-sdk' ? { hardenedWords: ['sdk'] } : name === 'php-fpm' ? { hardenedWords: ['fpm'] } : {}),
    ...(name === 'java' ? { java: 'jdk' as const } : {}),
    database: DATABASES.has(name),
    brings: () => ({ user: '1001' }),
  };
}

/** Red Hat's language images below `ubi8/`, `ubi9/` …: `nodejs-20-minimal` is Node.js 20. */
const UBI = pairs(`
  python=python nodejs=node openjdk=eclipse-temurin go-toolset=golang nginx=nginx httpd=httpd ruby=ruby php=php
  dotnet=dotnet
`);
const UBI_BASES = words('ubi ubi-minimal ubi-micro ubi-init');

/** An image of Red Hat's Universal Base Image family; `path` is what follows the registry. */
export function ubi(path: string): KnownImage | undefined {
  const match = /^ubi(\d+)(?:-(?:minimal|micro|init))?(?:\/([a-z0-9-]+))?$/.exec(path);
  if (match === null) return undefined;
  const release = `ubi${match[1]}`;
  const image = match[2];
  if (image === undefined || UBI_BASES.has(image.replace(/^ubi\d+/, 'ubi'))) {
    const micro = path.endsWith('-micro');
    return {
      name: 'ubi',
      family: 'rpm',
      hardened: 'debian-base',
      substitute: true,
      reason: 'packages come from RPM repositories; the hardened image is Debian, so installs become apt-get',
      distribution: true,
      version: match[1]!,
      release,
      ...(micro ? { brings: () => ({ tools: [] }) } : {}),
    };
  }
  const language =
    /^(python|nodejs|openjdk|nginx|httpd|ruby|php|dotnet)-(\d+)(-.*)?$/.exec(image) ??
    (image === 'go-toolset' ? ['', 'go-toolset', ''] : null);
  if (language === null) return undefined;
  const hardened = UBI.get(language[1]!);
  const digits = language[2]!;
  const whole =
    language[1] === 'nodejs' || language[1] === 'openjdk' ? digits : `${digits.charAt(0)}.${digits.slice(1)}`;
  const runtime = language[3]?.includes('runtime') === true;
  return {
    name: `ubi/${language[1]}`,
    family: 'rpm',
    hardened: language[1] === 'dotnet' && runtime ? 'aspnetcore' : hardened,
    substitute: true,
    reason: `${PATHS}; its source-to-image scripts are not in the hardened image`,
    release,
    ...(digits === '' ? {} : { version: whole }),
    ...(language[1] === 'openjdk' ? { java: runtime ? ('jre' as const) : ('jdk' as const) } : {}),
    ...(language[1] === 'dotnet' && !runtime ? { hardenedWords: ['sdk'] } : {}),
    brings: () => ({ user: '1001' }),
  };
}

/** Canonical's images below `ubuntu/`. */
const CANONICAL = pairs(`
  nginx=nginx postgres=postgres mysql=mysql redis=redis memcached=memcached apache2=httpd bind9= grafana=grafana
  prometheus=prometheus cassandra=cassandra kafka=kafka zookeeper=zookeeper python=python go=golang jre=eclipse-temurin
  dotnet-runtime=dotnet dotnet-aspnet=aspnetcore dotnet-deps=dotnet
`);

/** An image of Canonical (`ubuntu/<name>`), undefined for names that are not known. */
export function canonical(name: string): KnownImage | undefined {
  const hardened = CANONICAL.get(name);
  if (hardened === undefined) return undefined;
  const none = hardened === '' || name === 'dotnet-deps';
  return {
    name: `ubuntu/${name}`,
    family: 'ubuntu',
    hardened: hardened === '' ? undefined : hardened,
    substitute: none,
    ...(none ? { reason: 'the catalog has no image of this software alone' } : {}),
    ...(name === 'jre' ? { java: 'jre' as const } : {}),
    database: DATABASES.has(name === 'postgres' ? 'postgresql' : name),
  };
}

/** Every hardened image that these patterns name, for checking against a catalog. */
export function publisherTargets(): readonly string[] {
  return [
    ...CHAINGUARD_SAME,
    ...CHAINGUARD.values(),
    ...BITNAMI_SAME,
    ...BITNAMI.values(),
    ...UBI.values(),
    ...CANONICAL.values(),
  ].filter((name) => name !== '');
}
