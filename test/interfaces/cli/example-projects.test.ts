import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { installedCore } from '../../../src/interfaces/cli/installed-core.ts';
import { rehull } from './terminal.ts';

/*
 * The example projects, migrated as one. What is expected is what somebody who runs such a project would write by hand;
 * the manifests are read with a YAML parser, as a cluster reads them.
 */
const examples = fileURLToPath(new URL('../../../examples', import.meta.url));

interface Migrated {
  /** the text of a file after the migration */
  file(path: string): string;
  /** `path:line: severity[rule]` of each finding */
  readonly findings: readonly string[];
  readonly tasks: readonly { readonly text: string; readonly command: string | null }[];
}

async function migrated(example: string): Promise<Migrated> {
  const folder = fs.mkdtempSync(join(tmpdir(), 'rehull-'));
  // images are called after the folder
  const cwd = join(folder, example);
  try {
    fs.cpSync(join(examples, example), cwd, { recursive: true });
    const { compiler, openCatalog } = installedCore;
    const run = (...args: string[]) => rehull(['migrate', ...args], { cwd, core: { compiler, openCatalog } });
    const { files, tasks, errors } = parse((await run('--write', '--allow-dirty', '--json')).stdout);
    expect(errors).toEqual([]);
    expect((await run('--quiet')).stdout, 'a second run changes nothing').toBe('');
    const findings = files.flatMap(({ path, findings: own }: Told) =>
      own.map(({ severity, rule, range }) => `${path}:${range.from.line}: ${severity}[${rule}]`),
    );
    const texts = new Map(
      fs
        .readdirSync(cwd, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [relative(cwd, path), fs.readFileSync(path, 'utf8')]),
    );
    return { file: (path) => texts.get(path)!, findings, tasks };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

interface Told {
  readonly path: string;
  readonly findings: readonly {
    readonly severity: string;
    readonly rule: string;
    readonly range: { readonly from: { readonly line: number } };
  }[];
}

/** The documents of a manifest by kind and name. */
function manifests(text: string): ReturnType<typeof parse> {
  return Object.fromEntries(
    parseAllDocuments(text).map((document) => {
      const each = document.toJS();
      return [`${each.kind}/${each.metadata.name}`, each];
    }),
  );
}

const inReview = ({ findings }: Migrated) => findings.filter((finding) => / (review|blocked)\[/.test(finding));

describe('a manifest with probes', async () => {
  const project = await migrated('k8s-quotes');
  const { 'Deployment/quotes': deployment, 'Service/quotes': service } = manifests(project.file('k8s/quotes.yaml'));
  const { spec } = deployment.spec.template;
  const [container] = spec.containers;

  test('asks the port that the program listens on, without a shell', () => {
    expect(project.file('Dockerfile')).toContain('PORT=8080');
    expect(container.ports).toEqual([{ name: 'http', containerPort: 8080 }]);
    expect(container.env[0]).toEqual({ name: 'PORT', value: '8080' });
    const request = { httpGet: { path: '/healthz', port: 8080 } };
    expect(container.startupProbe).toEqual({ ...request, failureThreshold: 30 });
    expect(container.livenessProbe).toEqual({ ...request, periodSeconds: 10 });
    expect(container.readinessProbe).toEqual({ tcpSocket: { port: 8080 } });
    expect(service.spec.ports).toEqual([{ name: 'http', port: 80, targetPort: 8080 }]);
  });

  test('gives the volume to the group of the new user', () => {
    expect(project.file('Dockerfile')).toContain('FROM dhi.io/node:22-debian13\n');
    expect(spec.securityContext).toEqual({ fsGroup: 1000 });
  });

  test('keeps comments, and all that has no reason to change', () => {
    const text = project.file('k8s/quotes.yaml');
    expect(text).toContain('image: ghcr.io/example/quotes:1.0.0   # set by CI\n');
    expect(text).toContain('periodSeconds: 10   # seconds\n');
    expect(spec.initContainers[0].image).toBe('busybox:1.36');
  });

  test('logs in before the build, and after the login that is there', () => {
    const [, hub, own, build] = parse(project.file('.github/workflows/image.yml')).jobs.image.steps;
    expect(hub.with.registry).toBe('ghcr.io');
    expect(own.with).toEqual({
      registry: 'dhi.io',
      username: '${{ secrets.DOCKERHUB_USERNAME }}',
      password: '${{ secrets.DOCKERHUB_TOKEN }}',
    });
    expect(build.uses).toBe('docker/build-push-action@v6');
  });

  test('leaves to a person what only a person knows', () => {
    expect(inReview(project)).toEqual([
      'README.md:8: review[documents]',
      'README.md:8: review[documents]',
      'k8s/quotes.yaml:16: review[kubernetes]',
      'k8s/quotes.yaml:45: review[kubernetes]',
    ]);
    expect(project.tasks.map(({ command }) => command)).toEqual(['docker login dhi.io', null]);
  });
});

describe("a chart's values", async () => {
  const project = await migrated('helm-notes');
  const values = parse(project.file('chart/values.yaml'));

  test('name the port of the container, and not that of the Service', () => {
    expect(project.file('Dockerfile')).toContain('"0.0.0.0:8080"');
    expect(values.containerPort).toBe(8080);
    expect(values.service).toEqual({ type: 'ClusterIP', port: 80 });
    expect(parse(project.file('chart/values-staging.yaml'))).toEqual({
      replicaCount: 2,
      containerPort: 8080,
      service: { port: 8000 },
    });
  });

  test('probe without a shell, run as a number, own the volume', () => {
    expect(values.livenessProbe).toEqual({ httpGet: { path: '/ready', port: 8080 }, initialDelaySeconds: 5 });
    expect(values.readinessProbe).toEqual({ httpGet: { path: '/ready', port: 8080 } });
    expect(values.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      runAsUser: 65532,
    });
    expect(values.podSecurityContext).toEqual({ fsGroup: 65532 });
    expect(values.image.repository).toBe('registry.example.com/team/helm-notes');
  });

  test('are not made into text of the templates', () => {
    const lines = (path: string, base: string) => {
      const before = fs.readFileSync(join(examples, 'helm-notes', base), 'utf8').split('\n');
      return project
        .file(path)
        .split('\n')
        .filter((line, index) => line !== before[index]);
    };
    expect(lines('chart/templates/deployment.yaml', 'chart/templates/deployment.yaml')).toEqual([
      '              port: 8080',
    ]);
    expect(lines('chart/templates/service.yaml', 'chart/templates/service.yaml')).toEqual(['      targetPort: 8080']);
  });

  test('build behind a login', () => {
    expect(parse(project.file('.gitlab-ci.yml')).build.before_script).toEqual([
      'echo "$CI_REGISTRY_PASSWORD" | docker login "$CI_REGISTRY" --username "$CI_REGISTRY_USER" --password-stdin',
      'echo "$DOCKERHUB_TOKEN" | docker login dhi.io --username "$DOCKERHUB_USERNAME" --password-stdin',
    ]);
    expect(inReview(project)).toEqual([]);
  });
});

describe('a Bake file with several targets', async () => {
  const project = await migrated('bake-media');

  test('lends its names to the manifest', () => {
    const all = manifests(project.file('deploy/media.yaml'));
    expect(all['Deployment/catalogue'].spec.template.spec.containers[0].ports).toEqual([{ containerPort: 8080 }]);
    expect(all['Service/catalogue'].spec.ports).toEqual([{ port: 80, targetPort: 8080 }]);
    expect(all['Deployment/web'].spec.template.spec.containers[0].readinessProbe.httpGet.port).toBe(8080);
    expect(all['Service/web'].spec.ports).toEqual([{ port: 80, targetPort: 8080 }]);
  });

  test('still builds its stage for tests, where there is a shell', () => {
    const dockerfile = project.file('api/Dockerfile');
    expect(dockerfile).toContain('FROM dhi.io/python:${PYTHON_VERSION}-debian13-dev AS base\n');
    expect(dockerfile).toContain('FROM base AS test\n');
    expect(dockerfile).toContain('AS run\n');
  });

  test('is told of the argument that chooses nothing any more, and of no other', () => {
    expect(project.findings.filter((finding) => finding.includes('[bake]'))).toEqual([
      'docker-bake.hcl:30: review[bake]',
    ]);
    expect(project.file('docker-bake.hcl')).toBe(fs.readFileSync(join(examples, 'bake-media/docker-bake.hcl'), 'utf8'));
  });
});

describe('a repository with eight services', async () => {
  const project = await migrated('market');
  const compose = parse(project.file('compose.yaml'), { merge: true });

  test.each([
    ['basket', 'node:22-alpine3.24'],
    ['gateway', 'static:'],
    ['mail', 'php:8.4-debian13'],
    ['prices', 'python:3.13-debian13'],
    ['reviews', 'ruby:3.4-debian13'],
    ['site', 'nginx:1.30-debian13'],
    ['stock', 'eclipse-temurin:21-debian13'],
    ['tax', 'static:'],
  ])('runs %s on %s', (service, image) => {
    const last = project
      .file(`${service}/Dockerfile`)
      .match(/^FROM .*$/gm)!
      .at(-1);
    expect(last).toContain(`FROM dhi.io/${image}`);
    expect(last).not.toContain('-dev');
  });

  test('publishes, exposes and calls the ports that the programs listen on', () => {
    expect(compose.services.site.ports).toEqual(['8080:8080']);
    expect(project.file('site/site.conf')).toContain('listen 8080;');
    expect(compose.services.prices.expose).toEqual(['8080']);
    expect(compose.services.prices.command).toEqual(['python', 'prices.py', '--port', '8080', '--currency', 'EUR']);
    expect(compose.services.gateway.environment).toEqual({
      BASKET: 'http://basket:3000',
      PRICES: 'http://prices:8080',
      STOCK: 'http://stock:8080',
      REVIEWS: 'http://reviews:4567',
      TAX: 'http://tax:7000',
      MAIL: 'http://mail:8080',
    });
  });

  test('starts and checks without shells and tools', () => {
    expect(compose.services.mail.entrypoint).toEqual(['php', '-S', '0.0.0.0:8080', 'mail.php']);
    expect(compose.services.basket.healthcheck.test.slice(0, 3)).toEqual(['CMD', 'node', '-e']);
    expect(compose.services.prices.healthcheck.test.slice(0, 3)).toEqual(['CMD', 'python3', '-c']);
  });

  test('logs in everywhere with the account that is there', () => {
    const { build, smoke } = parse(project.file('.github/workflows/images.yml')).jobs;
    for (const step of [build.steps[3], smoke.steps[1]])
      expect(step.with).toEqual({
        registry: 'dhi.io',
        username: '${{ vars.HUB_USER }}',
        password: '${{ secrets.HUB_TOKEN }}',
      });
    const { registries, updates } = parse(project.file('.github/dependabot.yml'));
    expect(registries.dhi.url).toBe('https://dhi.io');
    expect(updates.map((update: { registries?: string[] }) => update.registries)).toEqual([['dhi'], undefined]);
  });

  test('lists what a person types, and asks for what only a person can do', () => {
    expect(project.findings.filter((finding) => finding.includes('[documents]'))).toEqual([
      'Makefile:7: review[documents]',
      'README.md:9: review[documents]',
      'README.md:10: review[documents]',
    ]);
    expect(project.tasks.map(({ command }) => command)).toEqual([
      'docker login dhi.io',
      null,
      'docker run --rm -u 0 -v <project>_baskets:/data busybox chown -R 1000:1000 /data',
    ]);
  });
});

describe('a web service and its store with Compose', async () => {
  const project = await migrated('compose-shop');

  test('changes in its Dockerfile, in Compose and in its manifest', () => {
    const { web, store } = parse(project.file('compose.yaml')).services;
    expect(web.ports).toEqual(['8000:8080']);
    expect(store.image).toBe('redis:8');
    const all = manifests(project.file('k8s/web.yaml'));
    expect(all['Service/web'].spec.ports[0].targetPort).toBe(8080);
  });
});

describe('a program of one Dockerfile', () => {
  test.each([
    [
      'java-timetable',
      'FROM dhi.io/eclipse-temurin:21-debian13\n',
      'ENTRYPOINT ["java", "-jar", "timetable.jar", "--port=8080"]\n',
      ['Dockerfile:13: review[entry-point]'],
    ],
    ['dotnet-parcels', 'FROM dhi.io/aspnetcore:9.0-debian13\n', 'ENV ASPNETCORE_URLS=http://+:8080\n', []],
    ['rust-tides', 'FROM dhi.io/static:20250419-glibc-debian13\n', 'USER nonroot\n', []],
    ['nginx-allotment', 'FROM dhi.io/nginx:1.30-debian13\n', 'EXPOSE 8080\n', []],
  ])('%s', async (example, image, line, reviews) => {
    const project = await migrated(example);
    const text = project.file('Dockerfile');
    const [runtime] = text.split(/^(?=FROM )/m).slice(-1);
    expect(runtime).toContain(image);
    expect(runtime).toContain(line);
    expect(runtime).not.toMatch(/^RUN /m);
    expect(inReview(project)).toEqual(reviews);
    if (example === 'nginx-allotment') expect(project.file('nginx.conf')).toContain('listen 8080;');
  });
});
