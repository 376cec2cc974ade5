/**
 * Tags as the snapshot writes them. The tags of a definition are nearly always a product (versions × distribution
 * names × suffix): `3.13,3.13.15|,-debian,-debian13|-dev`. What is no product is written as a list: `a,b,c`.
 */

const DISTRIBUTION_NAME = /-(?:debian(?:\d+)?|alpine(?:\d+\.\d+)?)(?=-|$)/;

/** Writes a set of tags; `readTags` gives the same set back, sorted. */
export function writeTags(tags: readonly string[]): string {
  const product = factor(tags);
  return product === undefined ? [...tags].sort().join(',') : product.map((factors) => factors.join(',')).join('|');
}

/** Reads what `writeTags` wrote: the tags, sorted. */
export function readTags(text: string): string[] {
  let tags = [''];
  for (const factors of text.split('|')) {
    const choices = factors.split(',');
    tags = tags.flatMap((head) => choices.map((choice) => head + choice));
  }
  return tags.sort();
}

function factor(tags: readonly string[]): string[][] | undefined {
  const suffix = commonSuffix(tags);
  const heads = new Set<string>();
  const middles = new Set<string>();
  for (const tag of tags) {
    const body = tag.slice(0, tag.length - suffix.length);
    const named = DISTRIBUTION_NAME.exec(body);
    heads.add(named === null ? body : body.slice(0, named.index));
    middles.add(named === null ? '' : body.slice(named.index));
  }
  const product = [[...heads].sort(), [...middles].sort(), [suffix]];
  const written = new Set(readTags(product.map((factors) => factors.join(',')).join('|')));
  return written.size === tags.length && tags.every((tag) => written.has(tag)) ? product : undefined;
}

/** The longest ending that all tags share and that starts at a hyphen. */
function commonSuffix(tags: readonly string[]): string {
  let suffix = tags[0] ?? '';
  for (const tag of tags) while (!tag.endsWith(suffix)) suffix = suffix.slice(1);
  const named = DISTRIBUTION_NAME.exec(suffix);
  if (named !== null) suffix = suffix.slice(named.index + named[0].length);
  const hyphen = suffix.indexOf('-');
  return hyphen === -1 || tags.length === 1 ? '' : suffix.slice(hyphen);
}
