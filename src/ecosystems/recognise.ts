import type { BuildView, StageView } from './ecosystem.ts';

/** Base name of the program that an argv starts. */
export function programOf(argv: readonly string[]): string {
  const program = argv[0] ?? '';
  return program.slice(program.lastIndexOf('/') + 1);
}

/** The stage that the final image is built in. */
export function finalStage(view: BuildView): StageView {
  return view.stages[view.chain.at(-1)!]!;
}

/** Whether the final image stands on one of these hardened images, or on what they replace. */
export function usesImage(view: BuildView, images: readonly string[]): boolean {
  const { hardened, source } = finalStage(view);
  const image = hardened ?? source?.hardened;
  return image !== undefined && images.includes(image);
}

/** Whether the container starts such a program. */
export function usesProgram(view: BuildView, program: RegExp): boolean {
  return view.start !== undefined && program.test(programOf(view.start));
}

/** The stage that made a file of the final image, and its path there; through chains of COPY --from. */
export function originOf(view: BuildView, path: string): { stage: StageView; path: string } | undefined {
  let at: string = path;
  let chain = view.chain;
  for (let hops = 0; hops < view.stages.length + 1; hops++) {
    const found = lastCopyTo(view, chain, at);
    if (found === undefined) return undefined;
    if (found.from === undefined || found.from === 'image') return undefined;
    const next = chainOf(view, found.from);
    const further = lastCopyTo(view, next, found.path);
    if (further === undefined) return { stage: view.stages[found.from]!, path: found.path };
    if (further.from === undefined || further.from === 'image')
      return { stage: view.stages[found.from]!, path: found.path };
    chain = next;
    at = found.path;
  }
  return undefined;
}

/** The stages that one inherits from, root first. */
export function chainOf(view: BuildView, index: number): number[] {
  const chain: number[] = [];
  for (let at: number | undefined = index; at !== undefined; at = view.stages[at]!.parent) chain.unshift(at);
  return chain;
}

function lastCopyTo(
  view: BuildView,
  chain: readonly number[],
  path: string,
): { from: number | 'image' | undefined; path: string } | undefined {
  for (const index of [...chain].reverse()) {
    for (const { copy } of [...view.stages[index]!.instructions].reverse()) {
      if (copy === undefined) continue;
      for (const source of copy.sources) {
        const name = source.slice(source.lastIndexOf('/') + 1);
        if (copy.destination === path) return { from: copy.from, path: source };
        if (`${copy.destination === '/' ? '' : copy.destination}/${name}` === path)
          return { from: copy.from, path: source };
        if (path.startsWith(`${copy.destination === '/' ? '' : copy.destination}/`)) {
          const rest = path.slice(copy.destination === '/' ? 1 : copy.destination.length + 1);
          if (copy.sources.length === 1 && !/\.\w+$/.test(name))
            return { from: copy.from, path: source === '/' ? `/${rest}` : `${source}/${rest}` };
        }
      }
    }
  }
  return undefined;
}
