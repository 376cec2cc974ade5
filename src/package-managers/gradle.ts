import { optionValue, readOptions } from '../shell/options.ts';
import type { Invocation, PackageManager } from './package-manager.ts';
import { invocation, optionTexts, setOf } from './subcommands.ts';

const gradleIdentity = { name: 'gradle', scope: 'language' } as const;

const gradleValues = setOf(
  '-p --project-dir -b --build-file -I --init-script -c --settings-file -g --gradle-user-home -x --exclude-task -P ' +
    '--project-prop -D --system-prop --console --warning-mode --max-workers --project-cache-dir --include-build -F ' +
    '--dependency-verification -M --write-verification-metadata --configuration --dependency --tests --priority',
);

const builds =
  /^(?:build\w*|assemble\w*|jar|bootJar|bootWar|shadowJar|fatJar|uberJar|war|installDist|installShadowDist|distTar|distZip|buildLayers|nativeCompile|nativeImage|quarkusBuild|classes|compileJava|compileKotlin|jlink|publish\w*|check|stage|optimized\w+)$/;

function actionOf(tasks: readonly string[]): Invocation['action'] {
  const names = tasks.map((task) => task.slice(task.lastIndexOf(':') + 1));
  if (names.some((name) => builds.test(name))) return 'build';
  if (names.some((name) => /^(?:run\w*|bootRun|quarkusDev)$/.test(name))) return 'run';
  if (
    names.some((name) =>
      /^(?:dependencies|resolveDependencies|downloadDependencies|getDeps|dependencyInsight)$/.test(name),
    )
  ) {
    return 'restore';
  }
  return names.includes('clean') ? 'clean' : 'other';
}

/** Gradle and its wrapper. Tasks are `paths`. */
export const gradle: PackageManager = {
  name: 'gradle',
  programs: ['gradle', 'gradlew'],
  read: (words, command) => {
    const { options, operands } = readOptions(words.slice(1), { values: gradleValues });
    const call = { options, command };
    const tasks = operands.flatMap((word) => word.value ?? []);
    if (tasks.length === 0) {
      const asks = options.some(({ name }) => /^(?:-v|--version|-h|--help|-\?)$/.test(name));
      return invocation(gradleIdentity, asks ? 'query' : 'other', call, {});
    }
    const named = optionTexts(options, '-b', '--build-file');
    const files = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts', 'gradle.properties'];
    return invocation(gradleIdentity, actionOf(tasks), call, {
      paths: operands,
      files: named.length > 0 ? named : files,
      directory: optionValue(options, '-p', '--project-dir')?.value,
    });
  },
};
