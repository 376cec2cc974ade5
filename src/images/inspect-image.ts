import { checkContents, readContents } from './checks/contents.ts';
import { LibraryPlaces, libraryFindings, mergeFindings } from './checks/libraries.ts';
import { checkNativeModules } from './checks/native-modules.ts';
import { checkPrograms } from './checks/programs.ts';
import { checkPythonEnvironments } from './checks/python-environments.ts';
import { checkHealth, checkStart } from './checks/start.ts';
import { checkUser } from './checks/user.ts';
import type { Process } from './execute.ts';
import { type ImageContext, imageContext, userName } from './image-context.ts';
import { type ImageFinding, imageRules } from './image-finding.ts';
import { ImageTree } from './image-tree.ts';
import type { InspectedLayer, Inspection } from './inspection.ts';
import { Budget, type LayerCounts, readLayer } from './layers/read-layer.ts';
import { openImage, type Surroundings } from './open-image.ts';
import type { ImageSource } from './sources/image-source.ts';
import { formatPlatform, parsePlatform, platformOf } from './sources/platform.ts';

export interface InspectOptions {
  /** `linux/arm64`; that of this machine by default */
  readonly platform?: string | undefined;
  /** which image of an archive or a layout with several */
  readonly image?: string | undefined;
}

/** Opens an image and says what is in it and whether it can start. Runs nothing of it. Throws ImageRefused. */
export async function inspectImage(
  argument: string,
  options: InspectOptions,
  around: Surroundings,
): Promise<Inspection> {
  const platform = options.platform === undefined ? platformOf(process.arch) : parsePlatform(options.platform);
  const selection = { platform, isExplicit: options.platform !== undefined, name: options.image };
  const source = await openImage(argument, selection, around);
  try {
    const budget = new Budget(around.limits);
    const tree = new ImageTree(around.limits.pathSteps, () => budget.entry());
    const counts: LayerCounts[] = [];
    for (const [index, layer] of source.layers.entries()) {
      const tell = (bytes: number) => around.progress?.(`${layer.name}: ${(bytes / 1e6).toFixed(0)} MB`);
      counts.push(await readLayer(layer, tree, index, budget, tell));
    }
    return judge(argument, source, tree, counts);
  } finally {
    await source.close();
  }
}

function judge(argument: string, source: ImageSource, tree: ImageTree, counts: readonly LayerCounts[]): Inspection {
  const { config } = source;
  const context = imageContext(tree, config);
  const start = checkStart(context);
  const health = checkHealth(context);
  const places = new LibraryPlaces(tree);
  const contents = readContents(context);
  const processes = [...start.processes, ...(health?.processes ?? [])];
  const findings = [
    ...start.findings,
    ...(health?.findings ?? []),
    ...mergeFindings(
      [
        ...start.processes.flatMap((one) => processFindings(one, 'a container starts it', places, tree)),
        ...(health?.processes ?? []).flatMap((one) => processFindings(one, 'the health check runs it', places, tree)),
        ...checkNativeModules(processes, context, places),
        ...checkPrograms(processes, context, places),
      ],
      ({ rule, message, path }) =>
        rule === 'missing-library' ? `${rule} ${message.split(' ', 1)[0]}` : `${rule} ${path}`,
    ),
    ...preloadFindings(context),
    ...checkPythonEnvironments(context),
    ...checkUser(context),
    ...checkContents(contents, context),
    ...hiddenSecrets(counts),
  ];
  const first = start.processes[0];
  const { layers, bytes, files } = measureLayers(source, tree, counts);
  return {
    image: argument,
    origin: source.origin,
    digest: source.digest,
    platform: formatPlatform(source.platform),
    findings: ordered(findings),
    start: {
      argv: start.argv,
      steps: start.steps,
      libc: first?.loader?.libc,
      libraries: first?.closure?.loaded.slice(1).map(({ path }) => path) ?? [],
      user: context.noUser === undefined ? userName(context.user) : config.user,
      uid: context.noUser === undefined ? context.user.uid : undefined,
      workdir: config.workdir,
      ports: config.ports,
      volumes: config.volumes,
      healthCheck: config.healthCheck,
    },
    contents,
    layers,
    bytes,
    files,
  };
}

function processFindings(
  { closure, loader }: Process,
  uses: string,
  places: LibraryPlaces,
  tree: ImageTree,
): ImageFinding[] {
  return closure === undefined || loader === undefined
    ? []
    : libraryFindings(closure, loader.libc, uses, 'error', places, tree);
}

/** The first of a kind is told first; errors go before all others. */
function ordered(findings: readonly ImageFinding[]): ImageFinding[] {
  const weight = { error: 0, review: 1, info: 2 };
  const unique = new Map(findings.map((finding) => [`${finding.rule} ${finding.path} ${finding.message}`, finding]));
  return [...unique.values()].sort(
    (one, other) =>
      weight[one.severity] - weight[other.severity] || imageRules.indexOf(one.rule) - imageRules.indexOf(other.rule),
  );
}

function preloadFindings({ config, tree }: ImageContext): ImageFinding[] {
  const named = (config.environment.get('LD_PRELOAD') ?? '').split(/[: ]+/).filter((path) => path.startsWith('/'));
  return named
    .filter((path) => tree.file(path) === undefined)
    .map((path) => ({
      rule: 'preloaded-library',
      severity: 'review',
      path,
      layer: undefined,
      message: `LD_PRELOAD names ${path}, which is not in the image`,
      why: 'the loader warns at each start and goes on without it',
      fix: 'copy the library into the image, or take the variable away',
    }));
}

function hiddenSecrets(counts: readonly LayerCounts[]): ImageFinding[] {
  return counts.flatMap(({ hiddenSecrets: hidden }, index) =>
    hidden.map(({ path, kind, layer }) => ({
      rule: 'secret-file',
      severity: 'review',
      path,
      layer,
      message: `${path} held ${kind} and is removed by layer ${index + 1}, but layer ${layer + 1} still has it`,
      why: 'whoever has the image can read every layer',
      fix: 'give it to the build with RUN --mount=type=secret, and change it',
    })),
  );
}

function measureLayers(source: ImageSource, tree: ImageTree, counts: readonly LayerCounts[]) {
  const kept = counts.map(() => 0);
  let bytes = 0;
  let files = 0;
  const seen = new Set<object>();
  for (const { entry } of tree.all()) {
    // hard links are one file
    if (entry.kind !== 'file' || seen.has(entry)) continue;
    seen.add(entry);
    files++;
    bytes += entry.size;
    kept[entry.layer] = (kept[entry.layer] ?? 0) + entry.size;
  }
  const layers = counts.map(({ unpackedBytes, fileBytes, files: count, removed }, index): InspectedLayer => {
    const { digest, diffId } = source.layers[index]!;
    const createdBy = source.config.createdBy[index];
    return {
      digest: digest ?? diffId,
      createdBy,
      unpackedBytes,
      fileBytes,
      keptBytes: kept[index] ?? 0,
      files: count,
      removed,
    };
  });
  return { layers, bytes, files };
}
