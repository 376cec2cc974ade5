import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeDeployments } from '../../src/deployment/change-deployments.ts';
import { readHcl } from '../../src/deployment/hcl.ts';
import { readYaml } from '../../src/deployment/yaml-text.ts';
import { compileText, shippedCatalog } from '../compile/compile-text.ts';

const before =
  'FROM python:3.12-slim\nWORKDIR /app\nCOPY app.py .\nEXPOSE 80\nCMD ["python", "app.py", "--port", "80"]\n';
const dockerfile = { path: 'web/Dockerfile', context: 'web', before, result: compileText(before) };

function change(path: string, text: string): string {
  const [changed] = changeDeployments(
    { name: 'shop', dockerfiles: [dockerfile], files: [{ path, text }] },
    shippedCatalog(),
    {},
  );
  return changed?.result.after ?? text;
}

/** A part of a generated file: as it is, or what has to become of it. */
type Part = string | { readonly was: string; readonly is: string };

const gap = fc.constantFrom('', '', '\n', '# a note\n', '    # deep: [ note {\n', '\n\n# "quoted" \'note\'\n');
const tail = fc.constantFrom('', '  ', ' # why', '   # 80:80');
const quote = fc.constantFrom('"', "'", '');
const port = fc
  .record({ quote, host: fc.constantFrom('80', '8081', '127.0.0.1:80'), tail })
  .map(({ quote: mark, host, tail: end }): Part[] => [
    `      - ${mark}`,
    { was: `${host}:80`, is: `${host}:8080` },
    `${mark}${end}\n`,
  ]);
const other = fc.constantFrom('      - "9000:9000"\n', "      - '443:8443'\n", '      -   5000:5001   # x\n');
const extra = fc.constantFrom(
  '    labels: {a: "80:80", b: [80]}\n',
  '    environment:\n      <<: *env\n      TEXT: |\n        80:80\n          http://elsewhere/\n',
  '    x-own: &own\n      - "80:80"\n',
  '    restart:   unless-stopped\n',
);
const service = fc
  .tuple(
    gap,
    fc.array(
      fc.oneof(
        port,
        other.map((text): Part[] => [text]),
      ),
      { minLength: 1, maxLength: 4 },
    ),
    fc.array(extra, { maxLength: 1 }),
    gap,
  )
  .map(([first, ports, extras, last]): Part[] => [
    first,
    '  web:\n',
    '    build:   ./web\n',
    ...extras,
    '    ports:\n',
    ...ports.flat(),
    last,
  ]);
const file = fc.tuple(gap, service, fc.boolean()).map(([head, parts, crlf]) => ({
  parts: [head, 'x-env: &env {A: "b"}\n', 'services:\n', ...parts, 'volumes: {}\n'] as Part[],
  crlf,
}));

const text = (parts: readonly Part[], side: 'was' | 'is', crlf: boolean) => {
  const whole = parts.map((part) => (typeof part === 'string' ? part : part[side])).join('');
  return crlf ? whole.replaceAll('\n', '\r\n') : whole;
};

const low = (lead: string, end = ''): Part[] => [lead, { was: '80', is: '8080' }, end];
const spaces = fc.constantFrom(' ', '  ', '     ');
const probe = fc
  .tuple(fc.constantFrom('livenessProbe', 'readinessProbe'), spaces, tail)
  .map(([key, space, end]): Part[] =>
    low(`          ${key}:\n            httpGet: {path: "/80",${space}port: `, `}${end}\n`),
  );
const container = fc
  .tuple(gap, spaces, tail, fc.option(probe), fc.constantFrom('', '          env: &e [{name: NOTE, value: "80"}]\n'))
  .map(([first, space, end, asked, rest]): Part[] => [
    first,
    '        - name: web\n',
    '          image: shop/web:80   # containerPort: 80\n',
    '          ports:\n',
    ...low(`          - containerPort:${space}`, `${end}\n`),
    ...low('          - {name: http, containerPort: ', '}\n'),
    ...(asked ?? []),
    rest,
  ]);
const manifest = fc.tuple(gap, container, gap, fc.boolean(), spaces).map(([head, web, last, crlf, space]) => ({
  crlf,
  parts: [
    head,
    'apiVersion: apps/v1\nkind:   Deployment\nmetadata: {name: web, labels: &l {app: web}}\n',
    'spec:\n  template:\n    metadata:\n      labels: *l\n    spec:\n      containers:\n',
    ...web,
    '---\n',
    'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports:\n',
    `  - port:${space}80\n`,
    ...low('    targetPort: ', ' # to 80\n'),
    '---\n# 80\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n',
    'spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n',
    last,
  ] as Part[],
}));

describe('splices', () => {
  test('change what they mean to, and no byte beside it', () => {
    fc.assert(
      fc.property(file, ({ parts, crlf }) => {
        expect(change('compose.yaml', text(parts, 'was', crlf))).toBe(text(parts, 'is', crlf));
      }),
      { numRuns: 300 },
    );
  });

  test('of manifests change what they mean to, and no byte beside it', () => {
    fc.assert(
      fc.property(manifest, ({ parts, crlf }) => {
        expect(change('k8s/web.yaml', text(parts, 'was', crlf))).toBe(text(parts, 'is', crlf));
      }),
      { numRuns: 300 },
    );
  });

  test('of anything at all never fail', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300, unit: fc.constantFrom(...'servicbuld:-[]{}&*<!|>"\'#\n\t 80/web,?%@`') }),
        fc.constantFrom(
          'compose.yaml',
          'k8s/a.yaml',
          'chart/values.yaml',
          '.github/workflows/a.yml',
          '.github/dependabot.yml',
          '.gitlab-ci.yml',
          '.devcontainer/devcontainer.json',
          'renovate.json5',
          'docker-bake.hcl',
          'docker-bake.json',
          'kustomization.yaml',
          'site.conf',
          'Caddyfile',
          'web.env',
          'supervisord.conf',
          '.dockerignore',
          'package.json',
        ),
        (text, path) => {
          expect(typeof change(path, text)).toBe('string');
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('of calls of an engine in a text of any kind never fail', () => {
    const piece = fc.constantFrom(
      'docker run ',
      '-p 80:80 ',
      '-v a:/b ',
      'web ',
      '`',
      '\\\n',
      '\n',
      '"',
      "'",
      '$(',
      ')',
      '| ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(change('README.md', pieces.join(''))).toBe(pieces.join(''));
      }),
      { numRuns: 300 },
    );
  });

  test('leave alone what is too large, what is a bomb of aliases, and what is deep', () => {
    const large = `services:\n  web:\n    build: web\n    ports: ["80:80"]\n${'# pad\n'.repeat(200_000)}`;
    expect(change('compose.yaml', large)).toBe(large);
    const bomb = `a: &a [x, x]\n${Array.from({ length: 40 }, (_, index) => `b${index}: &b${index} [*${index === 0 ? 'a' : `b${index - 1}`}, *${index === 0 ? 'a' : `b${index - 1}`}]`).join('\n')}\nservices: {web: {build: web, command: *b39}}\n`;
    expect(change('compose.yaml', bomb)).toBe(bomb);
    expect(readHcl('target "a" { x = '.concat('['.repeat(5000)))).toHaveProperty('problem');
    expect(readYaml('a: {{ .Values.x }}\nb: 1\n')).toHaveProperty('documents');
  });
});
