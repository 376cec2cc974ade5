import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { Lab } from './lab.ts';

/* What the scenarios do not show of `rehull prove`: Compose with what a service needs, and a run that a person ends. */
const program = fileURLToPath(new URL('../../dist/rehull.js', import.meta.url));
const opened = await Lab.open();
if (typeof opened === 'string') console.log(`lab: not run here: ${opened}`);
const work = mkdtempSync(join(tmpdir(), 'rehull-lab-prove-'));

afterAll(async () => {
  rmSync(work, { recursive: true, force: true });
  if (typeof opened !== 'string') await opened.close();
});

const server = `import os, urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        with open("/app/counts/visits", "a") as file:
            file.write("x")
        stock = urllib.request.urlopen(os.environ["STOCK"]).read()
        self.send_response(200 if self.path == "/" else 404)
        self.end_headers()
        self.wfile.write(stock)

HTTPServer(("", int(os.environ["PORT"])), Shop).serve_forever()
`;
const files = {
  'web/Dockerfile': `FROM python:3.13-slim
WORKDIR /app
COPY app.py .
RUN mkdir counts
ENV PORT=80
EXPOSE 80
CMD ["python", "app.py"]
`,
  'web/app.py': server,
  'compose.yaml': `services:
  web:
    build: web
    environment: {STOCK: "http://stock:7000/"}
    ports: ["8000:80"]
  stock:
    image: node:22-slim
    command: [node, -e, "require('http').createServer((q, r) => r.end('42')).listen(7000)"]
    expose: ["7000"]
`,
};

function project(name: string, content: Readonly<Record<string, string>>): string {
  const folder = join(work, name);
  for (const [path, text] of Object.entries(content)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly told: string;
}

/** Runs the bundle; `onTold` may end it with a signal. */
function rehull(args: readonly string[], onTold: (told: string, end: () => void) => void = () => {}): Promise<Ended> {
  const { host } = (opened as Lab).engine;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, DOCKER_BUILDKIT: '0', ...(host !== undefined && { DOCKER_HOST: host }) },
    });
    let out = '';
    let told = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      told += chunk;
      onTold(told, () => child.kill('SIGINT'));
    });
    child.on('close', (code) => resolve({ code, out, told }));
  });
}

/** What carries the label of proofs; another run on the same engine may have some at the same time. */
async function labelled(): Promise<string[]> {
  const { engine } = opened as Lab;
  const filter = ['--quiet', '--filter', 'label=rehull.prove'];
  const lists = [
    await engine.docker(['container', 'ls', '--all', ...filter]),
    await engine.docker(['network', 'ls', ...filter]),
    await engine.docker(['image', 'ls', ...filter]),
  ];
  return lists.flatMap((list) => list.split('\n').filter((line) => line !== ''));
}

const only = process.env.REHULL_LAB_ONLY?.split(',');
describe.skipIf(typeof opened === 'string' || only?.includes('prove') === false)('rehull prove', () => {
  const lab = opened as Lab;

  test('runs a service of Compose with the one that it calls', { timeout: 1_000_000 }, async ({ skip }) => {
    const folder = project('shop', files);
    const { out: json } = await rehull(['migrate', folder, '--json', '--quiet']);
    const { files: migrated } = JSON.parse(json) as { readonly files: readonly { path: string; after: string }[] };
    const after = migrated.find(({ path }) => path.endsWith('web/Dockerfile'))!.after;
    const missing = await lab.provide(`${files['web/Dockerfile']}FROM node:22-slim\n${after}`);
    if (missing !== undefined && missing.length > 0) skip(String(missing));
    const { code, out, told } = await rehull(['prove', folder, '--grace', '4']);
    expect(out, told).toContain('web/Dockerfile (web): the migrated project does what the original does\n');
    expect(code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['compose.yaml', 'web']);
    expect(readFileSync(join(folder, 'compose.yaml'), 'utf8')).toBe(files['compose.yaml']);
  });

  test.each(['building', 'asking'])('leaves nothing where it is ended while %s', { timeout: 600_000 }, async (when) => {
    const slow = when === 'building' ? 'RUN sleep 120\n' : '';
    const folder = project(`ended-${when.length}`, {
      Dockerfile: `FROM python:3.13-slim\n${slow}EXPOSE 8000\nCMD ["python", "-m", "http.server", "8000"]\n`,
    });
    await lab.provide(
      `FROM python:3.13-slim\nFROM dhi.io/python:3.13-debian13\nFROM dhi.io/python:3.13-debian13-dev\n`,
    );
    const already = new Set(await labelled());
    let isEnded = false;
    const { code, out } = await rehull(['prove', folder], (told, end) => {
      if (isEnded || !told.includes(`${when} `)) return;
      isEnded = true;
      setTimeout(end, 2000);
    });
    expect([code, out]).toEqual([130, '']);
    expect((await labelled()).filter((id) => !already.has(id))).toEqual([]);
  });
});
