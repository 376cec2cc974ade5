import { format as bake } from './bake.ts';
import { format as compose } from './compose.ts';
import { format as dependabot } from './dependabot.ts';
import type { DeploymentFormat } from './deployment.ts';
import { format as devcontainer } from './devcontainer.ts';
import { format as dockerIgnore } from './docker-ignore.ts';
import { format as documents } from './documents.ts';
import { format as environmentFiles } from './environment-files.ts';
import { format as githubActions } from './github-actions.ts';
import { format as gitlabCi } from './gitlab-ci.ts';
import { format as helmValues } from './helm-values.ts';
import { format as kubernetes } from './kubernetes.ts';
import { format as processConfiguration } from './process-configuration.ts';
import { format as renovate } from './renovate.ts';
import { format as serverAddresses } from './server-addresses.ts';
import { format as skaffold } from './skaffold.ts';

/** Every kind of file beside a Dockerfile that a migration reaches. */
export const formats: readonly DeploymentFormat[] = [
  bake,
  compose,
  dependabot,
  devcontainer,
  dockerIgnore,
  documents,
  environmentFiles,
  githubActions,
  gitlabCi,
  helmValues,
  kubernetes,
  processConfiguration,
  renovate,
  serverAddresses,
  skaffold,
];
