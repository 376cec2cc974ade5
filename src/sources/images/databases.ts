import type { Brings } from '../source-image.ts';
import type { BuiltTag, KnownImage } from './known-image.ts';

/** Databases and brokers among the official images. Source: their public Dockerfiles, as known in general. */

const ENTRYPOINT = ['docker-entrypoint.sh'];

function postgres(tag: BuiltTag): Partial<Brings> {
  const major = Number.parseInt(tag.version ?? '0', 10);
  return {
    tools: ['postgres', 'psql', 'pg_dump', 'pg_restore', 'pg_isready', 'initdb', 'pg_ctl', 'createdb', 'gosu'],
    entrypoint: ENTRYPOINT,
    cmd: ['postgres'],
    exposes: ['5432/tcp'],
    users: { postgres: tag.family === 'alpine' ? '70:70' : '999:999' },
    environment: {
      ...(major === 0
        ? {}
        : { PGDATA: major >= 18 ? `/var/lib/postgresql/${major}/docker` : '/var/lib/postgresql/data' }),
      LANG: 'en_US.utf8',
    },
  };
}

function database(
  cmd: readonly string[] | undefined,
  exposes: readonly string[],
  users: Readonly<Record<string, string>>,
  tools: readonly string[],
  workdir?: string,
): () => Partial<Brings> {
  return () => ({ entrypoint: ENTRYPOINT, cmd, exposes, users, tools, workdir });
}

const of = (
  name: string,
  hardened: string | undefined,
  family: KnownImage['family'],
  brings?: KnownImage['brings'],
): KnownImage => ({
  name,
  hardened,
  family,
  database: true,
  ...(brings === undefined ? {} : { brings }),
  ...(hardened === undefined ? { reason: `the catalog has no ${name} image` } : {}),
});

/** Official images of databases and message brokers. */
export const DATABASES: readonly KnownImage[] = [
  of('postgres', 'postgres', 'debian', postgres),
  of(
    'mysql',
    'mysql',
    'rpm',
    database(['mysqld'], ['3306/tcp', '33060/tcp'], { mysql: '999:999' }, [
      'mysqld',
      'mysql',
      'mysqladmin',
      'mysqldump',
      'gosu',
    ]),
  ),
  of(
    'mariadb',
    'mariadb',
    'ubuntu',
    database(['mariadbd'], ['3306/tcp'], { mysql: '999:999' }, [
      'mariadbd',
      'mariadb',
      'mariadb-admin',
      'mariadb-dump',
      'healthcheck.sh',
      'gosu',
    ]),
  ),
  of(
    'mongo',
    'mongodb',
    'ubuntu',
    database(['mongod'], ['27017/tcp'], { mongodb: '999:999' }, [
      'mongod',
      'mongos',
      'mongosh',
      'mongodump',
      'mongorestore',
      'numactl',
      'jq',
      'gosu',
    ]),
  ),
  of('redis', 'redis', 'debian', (tag) => ({
    ...database(
      ['redis-server'],
      ['6379/tcp'],
      {},
      ['redis-server', 'redis-cli', 'redis-sentinel', 'redis-benchmark'],
      '/data',
    )(),
    users: { redis: tag.family === 'alpine' ? '999:1000' : '999:999' },
  })),
  of('memcached', 'memcached', 'debian', () => ({
    ...database(['memcached'], ['11211/tcp'], { memcache: '11211:11211' }, ['memcached'])(),
    user: 'memcache',
  })),
  of('rabbitmq', 'rabbitmq', 'ubuntu', (tag) => ({
    ...database(['rabbitmq-server'], ['4369/tcp', '5671/tcp', '5672/tcp', '15691/tcp', '15692/tcp', '25672/tcp'], {}, [
      'rabbitmq-server',
      'rabbitmqctl',
      'rabbitmq-diagnostics',
      'rabbitmq-plugins',
    ])(),
    users: tag.family === 'alpine' ? { rabbitmq: '100:101' } : { rabbitmq: '999:999' },
  })),
  of(
    'cassandra',
    'cassandra',
    'ubuntu',
    database(
      ['cassandra', '-f'],
      ['7000/tcp', '7001/tcp', '7199/tcp', '9042/tcp', '9160/tcp'],
      { cassandra: '999:999' },
      ['cassandra', 'cqlsh', 'nodetool'],
    ),
  ),
  of('elasticsearch', 'elasticsearch', 'unknown', () => ({
    workdir: '/usr/share/elasticsearch',
    exposes: ['9200/tcp', '9300/tcp'],
    users: { elasticsearch: '1000:1000' },
  })),
  of('kibana', 'kibana', 'unknown', () => ({ exposes: ['5601/tcp'], users: { kibana: '1000:1000' } })),
  of('logstash', 'logstash', 'unknown', () => ({
    exposes: ['9600/tcp', '5044/tcp'],
    users: { logstash: '1000:1000' },
  })),
  of('solr', 'solr', 'ubuntu', () => ({
    ...database(['solr-foreground'], ['8983/tcp'], { solr: '8983:8983' }, ['solr'])(),
    user: 'solr',
  })),
  of('couchdb', 'couchdb', 'debian', () => ({ exposes: ['4369/tcp', '5984/tcp', '9100/tcp'] })),
  of('neo4j', 'neo4j', 'debian', () => ({
    exposes: ['7474/tcp', '7473/tcp', '7687/tcp'],
    users: { neo4j: '7474:7474' },
  })),
  of('influxdb', 'influxdb', 'debian', () => ({ exposes: ['8086/tcp'] })),
  of('clickhouse', 'clickhouse-server', 'ubuntu', () => ({ exposes: ['9000/tcp', '8123/tcp', '9009/tcp'] })),
  of('zookeeper', 'zookeeper', 'ubuntu', () => ({ exposes: ['2181/tcp', '2888/tcp', '3888/tcp', '8080/tcp'] })),
  of('nats', 'nats', 'scratch', () => ({ exposes: ['4222/tcp', '8222/tcp', '6222/tcp'] })),
  of('eclipse-mosquitto', 'eclipse-mosquitto', 'alpine', () => ({
    entrypoint: ['/docker-entrypoint.sh'],
    cmd: ['/usr/sbin/mosquitto', '-c', '/mosquitto/config/mosquitto.conf'],
    users: { mosquitto: '1883:1883' },
  })),
  ...['arangodb', 'couchbase', 'crate', 'percona', 'rethinkdb', 'orientdb', 'aerospike', 'emqx', 'nats-streaming'].map(
    (name) => of(name, undefined, 'unknown'),
  ),
];
