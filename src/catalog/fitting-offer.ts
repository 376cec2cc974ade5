import type { Offer, Site } from './offers.ts';
import { compareVersions, type Version } from './version.ts';

/** What of a wish decides between the offers of one line on one distribution. */
export interface Fit {
  readonly flavor?: string | undefined;
  readonly part?: string | undefined;
  /** the version the user wrote, if any */
  readonly written: Version | undefined;
}

/** The offer of a site that fits; undefined where none does. */
export function fittingOffer(site: Site, fit: Fit, variant: Offer['variant']): Offer | undefined {
  const ofFlavor = byFlavor(site[variant], fit.flavor, variant);
  if (ofFlavor.length === 0) return undefined;
  const part = fittingPart(new Set(ofFlavor.map((offer) => offer.part)), fit.part, variant);
  const fitting = ofFlavor.filter((offer) => offer.part === part.name);
  if (!part.found) return undefined;
  const exact = fit.written?.join('.');
  return (
    fitting.find((offer) => exact !== undefined && offer.tags.has(exact)) ??
    fitting.reduce<Offer | undefined>(
      (best, offer) => (best === undefined || compareVersions(offer.version, best.version) > 0 ? offer : best),
      undefined,
    )
  );
}

/**
 * Offers of the wished flavor. Building needs no flavor: a dev variant without one serves. Where nothing is wished and
 * every offer has a flavor, they must be versions of one thing (`php8.4`, `php8.5`), and the newest is taken.
 */
function byFlavor(offers: readonly Offer[], flavor: string | undefined, variant: Offer['variant']): readonly Offer[] {
  const of = (wanted: string | undefined) => offers.filter((offer) => offer.definition.flavor === wanted);
  const exact = of(flavor);
  if (exact.length > 0) return exact;
  if (flavor !== undefined) return variant === 'dev' ? of(undefined) : [];
  const flavors = [...new Set(offers.map((offer) => offer.definition.flavor!))].sort(byNumbers);
  const kinds = new Set(flavors.map((name) => name.replace(/\d+/g, '')));
  return kinds.size === 1 ? of(flavors.at(-1)) : [];
}

/** The part to take, of those on offer (undefined: tags that name no part). */
function fittingPart(
  parts: ReadonlySet<string | undefined>,
  wished: string | undefined,
  variant: Offer['variant'],
): { found: boolean; name?: string | undefined } {
  const named = [...parts].filter((part) => part !== undefined).sort(byNumbers);
  const take = (name: string | undefined) => ({ found: parts.has(name), name });
  if (wished !== undefined && parts.has(wished)) return take(wished);
  if (wished === undefined) {
    // a Java build needs the compiler, also where the catalog has a JRE to build on
    if (variant === 'dev' && parts.has('jdk')) return take('jdk');
    return parts.has(undefined) ? take(undefined) : take(named.at(-1));
  }
  if (wished === 'jre' && parts.has(undefined)) return take(undefined);
  const java = /^j(?:dk|re)(\d*)$/.exec(wished);
  if (java !== null) {
    const numbered = named.filter((part) => /^j(?:dk|re)\d+$/.test(part));
    if (numbered.length > 0) {
      if (java[1] === '') return take(numbered.at(-1));
      return take(numbered.find((part) => Number(part.slice(3)) >= Number(java[1])) ?? numbered.at(-1));
    }
    const jdk = named.filter((part) => part === 'jdk' || part.startsWith('jdk-')).at(-1);
    return take(jdk);
  }
  return wished === 'sdk' && variant === 'runtime' ? take(undefined) : { found: false };
}

/** Orders `php8.9` before `php8.10`. */
function byNumbers(a: string, b: string): number {
  const numbers = (text: string) => (text.match(/\d+/g) ?? []).map(Number);
  return compareVersions(numbers(a), numbers(b)) || (a < b ? -1 : a > b ? 1 : 0);
}
