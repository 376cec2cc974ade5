import { apk } from './apk.ts';
import { aptGet } from './apt-get.ts';
import { apt } from './apt.ts';
import { aptitude } from './aptitude.ts';
import { bun } from './bun.ts';
import { corepack } from './corepack.ts';
import { dnf } from './dnf.ts';
import { dpkg } from './dpkg.ts';
import { go } from './go.ts';
import { microdnf } from './microdnf.ts';
import { npm } from './npm.ts';
import { npx } from './npx.ts';
import type { PackageManager } from './package-manager.ts';
import { pdm } from './pdm.ts';
import { pip } from './pip.ts';
import { pipenv } from './pipenv.ts';
import { pipx } from './pipx.ts';
import { pnpm } from './pnpm.ts';
import { poetry } from './poetry.ts';
import { rpm } from './rpm.ts';
import { uv } from './uv.ts';
import { uvx } from './uvx.ts';
import { yarn } from './yarn.ts';
import { yum } from './yum.ts';
import { zypper } from './zypper.ts';

export const packageManagers: readonly PackageManager[] = [
  apk,
  aptGet,
  apt,
  aptitude,
  bun,
  corepack,
  dnf,
  dpkg,
  go,
  microdnf,
  npm,
  npx,
  pdm,
  pip,
  pipenv,
  pipx,
  pnpm,
  poetry,
  rpm,
  uv,
  uvx,
  yarn,
  yum,
  zypper,
];
