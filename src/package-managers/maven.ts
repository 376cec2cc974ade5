import { readOptions } from '../shell/options.ts';
import type { Invocation, PackageManager } from './package-manager.ts';
import { invocation, optionTexts, setOf } from './subcommands.ts';

const mavenIdentity = { name: 'maven', scope: 'language' } as const;

const mavenValues = setOf(
  '-f --file -pl --projects -P --activate-profiles -s --settings -gs --global-settings -t --toolchains -T --threads ' +
    '-rf --resume-from -b --builder -l --log-file -D --define --color -ep --encrypt-password',
);

const phases = setOf(
  'compile process-classes test test-compile prepare-package package verify integration-test install deploy site',
);

const runs = /^(?:spring-boot|quarkus|exec|jetty|tomcat7|wildfly|mn|micronaut):(?:run|dev|java|exec)$/;

function actionOf(goals: readonly string[]): Invocation['action'] {
  if (goals.some((goal) => phases.has(goal))) return 'build';
  if (goals.some((goal) => runs.test(goal))) return 'run';
  if (
    goals.some((goal) => /dependency(?:-plugin)?(?:[:\d.]+)?:(?:go-offline|resolve|get|copy-dependencies)/.test(goal))
  ) {
    return 'restore';
  }
  if (goals.some((goal) => /:(?:build|repackage|native|jar|war|assembly|single|shade)$/.test(goal))) return 'build';
  return goals.includes('clean') ? 'clean' : 'other';
}

/** Maven and its wrapper. Goals are `paths`. */
export const maven: PackageManager = {
  name: 'maven',
  programs: ['mvn', 'mvnw', 'mvnd'],
  read: (words, command) => {
    // `-Dname=value` and `-Pprofile` are joined, `-pl` and `-ntp` are not clusters.
    const { options, operands } = readOptions(words.slice(1), { values: mavenValues, singleDashLong: true });
    const call = { options, command };
    const goals = operands.flatMap((word) => word.value ?? []);
    const [file = 'pom.xml'] = optionTexts(options, '-f', '--file');
    if (goals.length === 0) {
      const asks = options.some(({ name }) => /^(?:-v|-version|--version|-h|--help)$/.test(name));
      return invocation(mavenIdentity, asks ? 'query' : 'other', call, {});
    }
    return invocation(mavenIdentity, actionOf(goals), call, {
      paths: operands,
      files: [file],
    });
  },
};
