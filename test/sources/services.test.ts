import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/catalog.ts';
import { pluginTarget } from '../../src/sources/plugin-commands.ts';
import { SERVICES } from '../../src/sources/services.ts';
import { describeImage as source } from './describe.ts';

const read = (name: string): string => readFileSync(new URL(`../../data/${name}`, import.meta.url), 'utf8');
const catalog = openCatalog(read('catalog.snapshot'), read('catalog.removed-tags'));

describe('the table of servers', () => {
  test.each(SERVICES.map((service) => [service.image, service] as const))(
    '%s is what the catalog has',
    (image, service) => {
      const runtimes = catalog
        .definitions(image)
        .filter(({ variant, flavor }) => variant === 'runtime' && flavor === undefined);
      expect(runtimes.length).toBeGreaterThan(0);
      for (const definition of runtimes) {
        const script = definition.entrypoint?.some((word) => /entrypoint\.sh$/.test(word)) === true;
        // what a script makes of CMD cannot be seen in the definition, what a program does can
        if (script) expect(service.takes).toBeDefined();
        if (service.shellFlavor !== undefined) expect(definition.shell).toBeUndefined();
        const { variable } = service.data ?? {};
        if (variable !== undefined) expect(definition.environment[variable]).toBeDefined();
      }
    },
  );

  test.each(SERVICES.flatMap(({ image, from }) => from.map((name) => [name, image])))(
    '%s stands for %s',
    (name, image) => {
      expect(source(name!).hardened).toBe(image);
    },
  );
});

test('a server does not start what the distribution below it starts', () => {
  expect(source('grafana/grafana:12.0.0').brings).toMatchObject({ entrypoint: ['/run.sh'], cmd: [] });
  expect(source('couchdb:3.5').brings).toMatchObject({ entrypoint: undefined, cmd: undefined });
  expect(source('debian:trixie').brings.cmd).toEqual(['bash']);
});

test.each([
  ['bin/elasticsearch-plugin install --batch analysis-icu', '/usr/share/elasticsearch/plugins'],
  ['elasticsearch-plugin list', undefined],
  ['grafana cli --pluginsDir /plugins plugins install x', '/plugins'],
  ['grafana-cli plugins install x', '/var/lib/grafana/plugins'],
  ['grafana server', undefined],
  ['rabbitmq-plugins enable --offline rabbitmq_shovel', '/etc/rabbitmq/enabled_plugins'],
  ['/opt/keycloak/bin/kc.sh build', '/opt/keycloak/lib'],
  ['kc.sh start', undefined],
  ['jenkins-plugin-cli --plugins git', '/usr/share/jenkins/ref/plugins'],
])('%s', (command, path) => {
  expect(pluginTarget(command!.split(' '))).toBe(path);
});
