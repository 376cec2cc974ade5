import { posix } from 'node:path';
import type { Closure, Libc, Loaded, Missing } from '../elf/loader.ts';
import { architectureOf } from '../elf/machine.ts';
import type { ImageFinding } from '../image-finding.ts';
import type { ImageTree } from '../image-tree.ts';

/** Where an image has files of a library's name, wherever that is. */
export class LibraryPlaces {
  private places: Map<string, string[]> | undefined;
  private readonly tree: ImageTree;

  constructor(tree: ImageTree) {
    this.tree = tree;
  }

  of(library: string): readonly string[] {
    if (this.places === undefined) {
      this.places = new Map();
      for (const { path, entry } of this.tree.all()) {
        if (entry.kind === 'directory' || !/\.so(?:\.|$)/.test(path)) continue;
        const name = posix.basename(path);
        const known = this.places.get(name);
        if (known === undefined) this.places.set(name, [path]);
        else if (known.length < 8) known.push(path);
      }
    }
    return this.places.get(library) ?? [];
  }
}

/** Libraries that the machine's drivers bring, and the engine mounts. */
const fromDrivers = /^lib(?:cuda|nvidia-[\w-]+|nvcuvid|nvoptix|OpenCL|amdhip64|hsa-runtime64|ze_loader|tpu)\.so/;

/** What is wrong with the libraries of a binary. `uses` says for a person whose it is: `ENTRYPOINT`, `the module`. */
export function libraryFindings(
  { missing, tooOld }: Closure,
  libc: Libc,
  uses: string,
  severity: ImageFinding['severity'],
  places: LibraryPlaces,
  tree: ImageTree,
): ImageFinding[] {
  const findings: ImageFinding[] = [];
  for (const one of missing) {
    if (fromDrivers.test(one.library)) continue;
    findings.push(missingFinding(one, libc, uses, severity, places, tree));
  }
  for (const { library, by, versions } of tooOld) {
    findings.push({
      rule: 'library-too-old',
      severity,
      path: by.path,
      layer: layerOf(by, tree),
      message: `${by.path} needs ${versions.slice(0, 3).join(', ')} of ${library.path}, which is older than that`,
      why: `${uses}; it was built against a newer ${posix.basename(library.path)} than the image has`,
      fix: 'build on the same distribution and release as the final image',
    });
  }
  return findings;
}

function missingFinding(
  { library, by, unusable }: Missing,
  libc: Libc,
  uses: string,
  severity: ImageFinding['severity'],
  places: LibraryPlaces,
  tree: ImageTree,
): ImageFinding {
  const chain = [library];
  for (let one: Loaded | undefined = by; one !== undefined && chain.length < 12; one = one.by) chain.unshift(one.path);
  const needs = chain.join(' needs ');
  const base = { severity, path: by.path, layer: layerOf(by, tree) };
  // musl's own name, and the one that Alpine gives it; glibc's is libc.so.6
  if (libc === 'glibc' && /^libc\.(?:musl-.*|so)$/.test(library)) {
    return {
      ...base,
      rule: 'wrong-c-library',
      message: `${by.path} is built for musl (Alpine), and the image has glibc`,
      why: `${uses}; ${needs}`,
      fix: 'build or install it on an image of the same family as the final one',
    };
  }
  if (unusable?.why === 'architecture') {
    const elf = tree.file(unusable.path)?.entry.facts.elf;
    return {
      ...base,
      rule: 'wrong-architecture',
      path: unusable.path,
      message: `${unusable.path} is built for ${elf === undefined ? 'another architecture' : architectureOf(elf)}, and ${by.path} for ${architectureOf(by.elf)} needs it`,
      why: `${uses}; ${needs}`,
      fix: 'take the library of the platform of the image',
    };
  }
  const elsewhere = places.of(library).slice(0, 3);
  const hint =
    unusable !== undefined
      ? `; ${unusable.path} is ${unusable.why === 'permission' ? 'not readable for the user of the image' : 'no library'}`
      : elsewhere.length > 0
        ? `; there is ${elsewhere.join(', ')}, where the loader does not look`
        : '';
  return {
    ...base,
    rule: 'missing-library',
    message: `${library} is missing: ${by.path} needs it, and it is nowhere the loader looks`,
    why: `${uses}; ${needs}${hint}`,
    fix:
      elsewhere.length > 0
        ? 'copy it to a folder that the loader searches, or name its folder in LD_LIBRARY_PATH'
        : 'copy the library, and what it needs in turn, from the build stage',
  };
}

function layerOf({ path }: Loaded, tree: ImageTree): number | undefined {
  return tree.file(path)?.entry.layer;
}

/** One finding a rule and library, however many binaries suffer from it. */
export function mergeFindings(
  findings: readonly ImageFinding[],
  key: (finding: ImageFinding) => string,
): ImageFinding[] {
  const groups = new Map<string, ImageFinding[]>();
  for (const finding of findings) {
    const group = groups.get(key(finding));
    if (group === undefined) groups.set(key(finding), [finding]);
    else group.push(finding);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [ImageFinding];
    const others = [...new Set(group.slice(1).flatMap(({ path }) => (path === first.path ? [] : (path ?? []))))];
    if (others.length === 0) return first;
    const named = others.slice(0, 4).join(', ');
    const more = others.length > 4 ? ` and ${others.length - 4} more` : '';
    return { ...first, why: `${first.why ?? ''}${first.why ? '; ' : ''}also ${named}${more}` };
  });
}
