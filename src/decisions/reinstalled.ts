import type { Definition } from '../catalog/definition.ts';
import type { Item } from '../facts/item.ts';
import type { CommandFacts } from '../facts/run-facts.ts';
import type { Range } from '../text/range.ts';
import { hasOwnCertificates } from './own-certificates.ts';

/*
 * Packages that a Debian -dev image counts as installed, and whose files it may lack: no installation script ran when
 * the image was made, and tzdata and dash were seen without their files. An install of such a package does nothing
 * unless it says --reinstall.
 */

const strippable = ['dash', 'tzdata'];

/** An install that has to say `--reinstall`. */
export interface Reinstalled {
  readonly item: Item;
  readonly names: readonly string[];
  readonly command: CommandFacts;
  /** the word of the call that it goes behind */
  readonly behind: Range;
}

/** The installs of a stage, in their order, that would do nothing for a package that they name. */
export function decideReinstalled(items: readonly Item[], { distribution, packages }: Definition): Reinstalled[] {
  if (!distribution.startsWith('debian')) return [];
  const names = hasOwnCertificates(items) ? [...strippable, 'ca-certificates'] : strippable;
  const believed = new Set(names.filter((name) => packages.includes(name)));
  if (believed.size === 0) return [];
  return items.flatMap((item) =>
    (item.run?.commands ?? []).flatMap((command): Reinstalled[] => {
      const { invocation, words } = command;
      if (invocation === undefined || !/^apt(-get)?$/.test(invocation.manager) || invocation.action !== 'install')
        return [];
      const found = invocation.packages.map(({ name }) => name).filter((name) => believed.has(name));
      const verb = words.find(({ value }) => value === 'install');
      if (found.length === 0 || verb === undefined || invocation.options.some(({ name }) => name === '--reinstall'))
        return [];
      return [{ item, names: found, command, behind: verb.range }];
    }),
  );
}

/**
 * The RUN before which ca-certificates has to be installed anew, as no install of the stage's own names it: without its
 * configuration `update-ca-certificates` leaves only the file's own certificates in the bundle.
 */
export function uninstalledCertificates(
  items: readonly Item[],
  { distribution, packages }: Definition,
): Item | undefined {
  if (!distribution.startsWith('debian') || !packages.includes('ca-certificates') || !hasOwnCertificates(items))
    return undefined;
  for (const item of items) {
    for (const { invocation, program } of item.run?.commands ?? []) {
      if (invocation?.action === 'install' && invocation.packages.some(({ name }) => name === 'ca-certificates'))
        return undefined;
      if (program === 'update-ca-certificates') return item;
    }
  }
  return undefined;
}
