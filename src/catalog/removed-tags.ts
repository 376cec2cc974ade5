import { readTags, writeTags } from './tag-product.ts';

/**
 * Tags that have left the catalog, one line an image, its tags grouped by the day they went:
 * `python 2026-01-18=3.9,3.9-debian13 2026-02-01=…`
 */
export class RemovedTags {
  readonly #text: string;
  readonly #images = new Map<string, ReadonlyMap<string, string>>();

  constructor(text: string) {
    this.#text = `\n${text}`;
  }

  /** The day a tag went; undefined for a tag that never did. */
  day(image: string, tag: string): string | undefined {
    return this.of(image).get(tag);
  }

  /** Every removed tag of an image with its day. */
  of(image: string): ReadonlyMap<string, string> {
    const known = this.#images.get(image);
    if (known !== undefined) return known;
    const days = new Map<string, string>();
    const start = /\s/.test(image) ? -1 : this.#text.indexOf(`\n${image} `);
    if (start !== -1) {
      const end = this.#text.indexOf('\n', start + 1);
      const line = this.#text.slice(start + image.length + 2, end === -1 ? undefined : end);
      for (const group of line.split(' ')) {
        const equals = group.indexOf('=');
        for (const product of group.slice(equals + 1).split(';')) {
          for (const tag of readTags(product)) days.set(tag, group.slice(0, equals));
        }
      }
      this.#images.set(image, days);
    }
    return days;
  }

  /** Names of all images that lost a tag. */
  images(): string[] {
    return this.#text.split('\n').flatMap((line) => (line === '' ? [] : [line.slice(0, line.indexOf(' '))]));
  }
}

/** Writes removed tags (image to tag to day) in the form that `RemovedTags` reads. */
export function writeRemovedTags(removed: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  let text = '';
  for (const image of [...removed.keys()].sort()) {
    const days = new Map<string, string[]>();
    for (const [tag, day] of removed.get(image)!) append(days, day, tag);
    if (days.size === 0) continue;
    const groups = [...days.keys()].sort().map((day) => `${day}=${writeGroup(days.get(day)!)}`);
    text += `${image} ${groups.join(' ')}\n`;
  }
  return text;
}

/** The tags of one day: those of one variant and flavor are usually a product, so they are written by ending. */
function writeGroup(tags: readonly string[]): string {
  const endings = new Map<string, string[]>();
  for (const tag of tags) {
    const ending = /^[^-]*(?:-(?:debian|alpine)[\d.]*)?(.*)$/.exec(tag)![1]!;
    append(endings, ending, tag);
  }
  const whole = writeTags(tags);
  const parts = [...endings.values()].map(writeTags).join(';');
  return parts.length < whole.length ? parts : whole;
}

function append(groups: Map<string, string[]>, key: string, tag: string): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [tag]);
  else group.push(tag);
}
