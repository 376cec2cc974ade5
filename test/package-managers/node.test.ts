import { describe, expect, it } from 'vitest';
import { summary } from './calls.ts';

const npm = 'files=package.json,package-lock.json';
const yarn = 'files=package.json,yarn.lock';
const pnpm = 'files=package.json,pnpm-lock.yaml';
const bun = 'files=package.json,bun.lock,bun.lockb';

describe('Node.js', () => {
  it.each([
    ['npm ci', `npm restore ${npm}`],
    ['npm ci --omit=dev --ignore-scripts', `npm restore ${npm} production`],
    ['npm ci --omit dev', `npm restore ${npm} production`],
    ['npm install --production', `npm restore ${npm} production`],
    ['npm i --only=prod --registry https://example.com', `npm restore ${npm} production`],
    ['npm --prefix client install', `npm restore ${npm} directory directory=client`],
    ['npm install -g npm@10 @angular/cli@17 pm2', 'npm install npm|@10 @angular/cli|@17 pm2 global'],
    ['npm install --save-dev ./local x/y foo.tgz', 'npm install paths=./local,x/y,foo.tgz'],
    ['npm run build', 'npm run program=build'],
    ['npm run --silent build -- --prod', 'npm run program=build,--prod'],
    ['npm start', 'npm run program=start'],
    ['npm test', 'npm run program=test'],
    ['npm prune --production', 'npm remove production'],
    ['npm cache clean --force', 'npm clean'],
    ['npm config set registry x', 'npm configure'],
    ['npm exec -- tsc -p .', 'npm run program=tsc,-p,.'],
    ['npx -y serve@14 -s build', 'npx run program=serve@14,-s,build'],
    ['npx --package typescript tsc -p .', 'npx run typescript program=tsc,-p,.'],
    ['yarn', `yarn restore ${yarn}`],
    ['yarn install --frozen-lockfile --production=true --network-timeout 60000', `yarn restore ${yarn} production`],
    ['yarn install --production=false', `yarn restore ${yarn}`],
    ['yarn --cwd web install', `yarn restore ${yarn} directory directory=web`],
    ['yarn add react@18', 'yarn install react|@18'],
    ['yarn global add serve', 'yarn install serve global'],
    ['yarn build --prod', 'yarn run program=build,--prod'],
    ['yarn run build', 'yarn run program=build'],
    ['yarn workspace web build', 'yarn run program=build'],
    ['yarn workspaces focus --all --production', `yarn restore ${yarn} production`],
    ['yarn workspaces foreach -A run build', 'yarn run program=build'],
    ['yarn cache clean', 'yarn clean'],
    ['yarn set version berry', 'yarn configure'],
    ['corepack yarn install', `yarn restore ${yarn}`],
    ['corepack enable', 'corepack configure'],
    ['corepack prepare pnpm@9.1.0 --activate', 'corepack configure pnpm|@9.1.0'],
    ['pnpm install --frozen-lockfile --prod', `pnpm restore ${pnpm} production`],
    ['pnpm i -P', `pnpm restore ${pnpm} production`],
    ['pnpm fetch', 'pnpm restore files=pnpm-lock.yaml'],
    ['pnpm add -g turbo@2', 'pnpm install turbo|@2 global'],
    ['pnpm --filter web run build', 'pnpm run program=build'],
    ['pnpm -r build', 'pnpm run program=build'],
    ['pnpm deploy --filter=api --prod /out', 'pnpm other production output=/out'],
    ['pnpm store prune', 'pnpm clean'],
    ['bun install --frozen-lockfile --production', `bun restore ${bun} production`],
    ['bun run build', 'bun run program=build'],
    ['bun build ./index.ts --outdir dist --target bun', 'bun build paths=./index.ts output=dist'],
    ['bun server.ts', 'bun run program=server.ts'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});

describe('Deno', () => {
  it.each([
    ['deno cache main.ts', 'deno restore paths=main.ts files=deno.json,deno.jsonc,deno.lock'],
    ['deno install --entrypoint ./src/main.ts', 'deno restore files=deno.json,deno.jsonc,package.json,deno.lock'],
    ['deno install', 'deno restore files=deno.json,deno.jsonc,package.json,deno.lock'],
    ['deno add npm:hono', 'deno install npm:hono'],
    ['deno install -g -A npm:cowsay', 'deno install npm:cowsay global'],
    ['deno compile --allow-net -o /out/app main.ts', 'deno build paths=main.ts output=/out/app'],
    ['deno task build', 'deno run program=build'],
    ['deno run -A main.ts --port 8000', 'deno run program=main.ts,--port,8000'],
  ])('%s', (text, expected) => expect(summary(text)).toBe(expected));
});
