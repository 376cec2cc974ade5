import type { Line } from './offers.ts';
import { compareVersions, formatVersion, startsWithVersion, type Version } from './version.ts';

/** A line that is moved to must be supported for as long as this. */
export const SUPPORT_DAYS = 180;

/** What of a wish decides between lines. */
export interface LineWish {
  /** the wanted version as far as it counts: as written, or whole where a floating tag means it today */
  readonly version: Version | undefined;
  /** true for `latest` and its like: the user named no version */
  readonly floating: boolean;
  readonly today: string;
  readonly allowEndOfLife: boolean;
  readonly granularity: 1 | 2;
  /** data of one major version is not data of the next */
  readonly stateful: boolean;
  /** lines that upstream gives no long support: odd majors of node */
  readonly isShortLived: (line: Line) => boolean;
}

/** Why no line is taken, and the one a person could take instead. */
export interface NoLine {
  readonly code: 'no-version' | 'major-change' | 'end-of-life';
  readonly why: string;
  readonly nearest: Line | undefined;
}

/** The line for a wish among the lines (lowest first) that have what is wished. */
export function chooseLine(lines: readonly Line[], wish: LineWish): Line | NoLine {
  const live = lines.filter((line) => wish.allowEndOfLife || !isPast(line, wish.today));
  const newest = live.at(-1);
  if (wish.version === undefined) {
    const supported = live.filter((line) => isSupported(line, wish.today)).at(-1) ?? newest;
    return supported ?? { code: 'end-of-life', why: pastWhy(lines.at(-1)!), nearest: lines.at(-1) };
  }

  const wanted = wish.version.slice(0, wish.granularity);
  const matching = lines.filter((line) => startsWithVersion(line.version, wanted));
  const kept = live.filter((line) => startsWithVersion(line.version, wanted)).at(-1);
  if (kept !== undefined) return kept;

  const later = live.filter((line) => compareVersions(line.version, wanted) > 0);
  const sameMajorOnly = wish.stateful || (wish.granularity === 2 && !wish.floating);
  const next = lowestSupported(
    later.filter((line) => !sameMajorOnly || line.version[0] === wanted[0]),
    wish,
  );
  if (next !== undefined) return next;
  if (wish.floating && !wish.stateful && newest !== undefined) return newest;

  const nearest = lowestSupported(later, wish) ?? newest ?? lines.at(-1);
  if (matching.length > 0) return { code: 'end-of-life', why: pastWhy(matching.at(-1)!), nearest };
  const written = formatVersion(wanted);
  if (later.length > 0) {
    const next = formatVersion(nearest!.version);
    return { code: 'major-change', why: `the catalog has no ${written}; ${next} is another major version`, nearest };
  }
  const isNewer = lines.some((line) => compareVersions(line.version, wanted) > 0);
  const why = `the catalog has no ${written}, and ${isNewer ? pastWhy(lines.at(-1)!) : 'nothing newer'}`;
  return { code: 'no-version', why, nearest };
}

/** The lowest line with support enough; where none has, the one that is supported longest. */
function lowestSupported(lines: readonly Line[], wish: LineWish): Line | undefined {
  const lasting = lines.find((line) => isSupported(line, wish.today) && !wish.isShortLived(line));
  if (lasting !== undefined) return lasting;
  return lines.reduce<Line | undefined>(
    (best, line) => (best === undefined || (line.endOfLife ?? '9') > (best.endOfLife ?? '9') ? line : best),
    undefined,
  );
}

/** True if a line's end of life lies before today. */
export function isPast({ endOfLife }: { readonly endOfLife: string | undefined }, today: string): boolean {
  return endOfLife !== undefined && endOfLife < today;
}

/** True if a line is supported for `SUPPORT_DAYS` more, or its end of life is not known. */
export function isSupported({ endOfLife }: Line, today: string): boolean {
  return endOfLife === undefined || daysBetween(today, endOfLife) >= SUPPORT_DAYS;
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

function pastWhy(line: Line): string {
  return `${formatVersion(line.version)} is past its end of life (${line.endOfLife})`;
}
