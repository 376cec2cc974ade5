// Made by `npm run generate` from the files of this folder.
import { ecosystem as beamEcosystem } from './beam.ts';
import { ecosystem as bunEcosystem } from './bun.ts';
import { ecosystem as caddyEcosystem } from './caddy.ts';
import { ecosystem as dartEcosystem } from './dart.ts';
import { ecosystem as denoEcosystem } from './deno.ts';
import { ecosystem as dotnetEcosystem } from './dotnet.ts';
import { ecosystem as goEcosystem } from './go.ts';
import { ecosystem as haproxyEcosystem } from './haproxy.ts';
import { ecosystem as httpdEcosystem } from './httpd.ts';
import { ecosystem as javaEcosystem } from './java.ts';
import { ecosystem as nativeEcosystem } from './native.ts';
import { ecosystem as nginxEcosystem } from './nginx.ts';
import { ecosystem as nodeEcosystem } from './node.ts';
import { ecosystem as perlEcosystem } from './perl.ts';
import { ecosystem as phpEcosystem } from './php.ts';
import { ecosystem as postgresEcosystem } from './postgres.ts';
import { ecosystem as pythonEcosystem } from './python.ts';
import { ecosystem as rubyEcosystem } from './ruby.ts';
import { ecosystem as rustEcosystem } from './rust.ts';
import { ecosystem as serviceEcosystem } from './service.ts';
import { ecosystem as swiftEcosystem } from './swift.ts';
import { ecosystem as traefikEcosystem } from './traefik.ts';
import { ecosystem as webServerEcosystem } from './web-server.ts';
import type { Ecosystem } from './ecosystem.ts';

export const ecosystems: readonly Ecosystem[] = [
  beamEcosystem,
  bunEcosystem,
  caddyEcosystem,
  dartEcosystem,
  denoEcosystem,
  dotnetEcosystem,
  goEcosystem,
  haproxyEcosystem,
  httpdEcosystem,
  javaEcosystem,
  nativeEcosystem,
  nginxEcosystem,
  nodeEcosystem,
  perlEcosystem,
  phpEcosystem,
  postgresEcosystem,
  pythonEcosystem,
  rubyEcosystem,
  rustEcosystem,
  serviceEcosystem,
  swiftEcosystem,
  traefikEcosystem,
  webServerEcosystem,
];
