import { format as bake } from './bake.ts';
import { format as compose } from './compose.ts';
import type { DeploymentFormat } from './deployment.ts';
import { format as githubActions } from './github-actions.ts';
import { format as gitlabCi } from './gitlab-ci.ts';
import { format as helmValues } from './helm-values.ts';
import { format as kubernetes } from './kubernetes.ts';

/** Every kind of file beside a Dockerfile that a migration reaches. */
export const formats: readonly DeploymentFormat[] = [bake, compose, githubActions, gitlabCi, helmValues, kubernetes];
