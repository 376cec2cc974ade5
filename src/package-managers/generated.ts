// Made by `npm run generate` from the files of this folder.
import { apk as apkPackageManager } from './apk.ts';
import { aptGet as aptGetPackageManager } from './apt-get.ts';
import { apt as aptPackageManager } from './apt.ts';
import { aptitude as aptitudePackageManager } from './aptitude.ts';
import { bun as bunPackageManager } from './bun.ts';
import { bundler as bundlerPackageManager } from './bundler.ts';
import { cargo as cargoPackageManager } from './cargo.ts';
import { composer as composerPackageManager } from './composer.ts';
import { conda as condaPackageManager } from './conda.ts';
import { corepack as corepackPackageManager } from './corepack.ts';
import { cpanm as cpanmPackageManager } from './cpanm.ts';
import { dart as dartPackageManager } from './dart.ts';
import { deno as denoPackageManager } from './deno.ts';
import { dnf as dnfPackageManager } from './dnf.ts';
import { dockerPhp as dockerPhpPackageManager } from './docker-php.ts';
import { dotnet as dotnetPackageManager } from './dotnet.ts';
import { dpkg as dpkgPackageManager } from './dpkg.ts';
import { gem as gemPackageManager } from './gem.ts';
import { go as goPackageManager } from './go.ts';
import { gradle as gradlePackageManager } from './gradle.ts';
import { installPhpExtensions as installPhpExtensionsPackageManager } from './install-php-extensions.ts';
import { maven as mavenPackageManager } from './maven.ts';
import { microdnf as microdnfPackageManager } from './microdnf.ts';
import { mix as mixPackageManager } from './mix.ts';
import { npm as npmPackageManager } from './npm.ts';
import { npx as npxPackageManager } from './npx.ts';
import { pdm as pdmPackageManager } from './pdm.ts';
import { pecl as peclPackageManager } from './pecl.ts';
import { pip as pipPackageManager } from './pip.ts';
import { pipenv as pipenvPackageManager } from './pipenv.ts';
import { pipx as pipxPackageManager } from './pipx.ts';
import { pnpm as pnpmPackageManager } from './pnpm.ts';
import { poetry as poetryPackageManager } from './poetry.ts';
import { rpm as rpmPackageManager } from './rpm.ts';
import { setuptools as setuptoolsPackageManager } from './setuptools.ts';
import { swift as swiftPackageManager } from './swift.ts';
import { uv as uvPackageManager } from './uv.ts';
import { uvx as uvxPackageManager } from './uvx.ts';
import { yarn as yarnPackageManager } from './yarn.ts';
import { yum as yumPackageManager } from './yum.ts';
import { zypper as zypperPackageManager } from './zypper.ts';
import type { PackageManager } from './package-manager.ts';

export const packageManagers: readonly PackageManager[] = [
  apkPackageManager,
  aptGetPackageManager,
  aptPackageManager,
  aptitudePackageManager,
  bunPackageManager,
  bundlerPackageManager,
  cargoPackageManager,
  composerPackageManager,
  condaPackageManager,
  corepackPackageManager,
  cpanmPackageManager,
  dartPackageManager,
  denoPackageManager,
  dnfPackageManager,
  dockerPhpPackageManager,
  dotnetPackageManager,
  dpkgPackageManager,
  gemPackageManager,
  goPackageManager,
  gradlePackageManager,
  installPhpExtensionsPackageManager,
  mavenPackageManager,
  microdnfPackageManager,
  mixPackageManager,
  npmPackageManager,
  npxPackageManager,
  pdmPackageManager,
  peclPackageManager,
  pipPackageManager,
  pipenvPackageManager,
  pipxPackageManager,
  pnpmPackageManager,
  poetryPackageManager,
  rpmPackageManager,
  setuptoolsPackageManager,
  swiftPackageManager,
  uvPackageManager,
  uvxPackageManager,
  yarnPackageManager,
  yumPackageManager,
  zypperPackageManager,
];
