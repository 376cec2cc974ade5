import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { BakeTarget, BakeWord } from './bake.ts';
import { entries, find, findMap, rangeOf, scalarsOf, textOf, type YamlText } from './yaml-text.ts';

/** The targets of a Bake file in JSON, which is YAML as well. */
export function bakeTargetsOfJson({ documents }: YamlText): BakeTarget[] {
  return documents.flatMap((root) => {
    const targets = findMap(root, 'target', root)?.value;
    return targets === undefined
      ? []
      : entries(targets, root).flatMap(({ key, value }) =>
          isMap(value) ? [targetOf(String(key.value), value, root)] : [],
        );
  });
}

function inlineOf(map: YAMLMap, root: YAMLMap): BakeTarget['inline'] {
  const inline = find(map, 'dockerfile-inline', root);
  return inline && rangeOf(inline.value);
}

function targetOf(name: string, map: YAMLMap, root: YAMLMap): BakeTarget {
  const word = (key: string): BakeWord | undefined => {
    const value = find(map, key, root)?.value;
    const text = textOf(value);
    return value === undefined || text === undefined || text.includes('${')
      ? undefined
      : { text, range: rangeOf(value) };
  };
  const texts = (key: string): string[] => {
    const list = find(map, key, root)?.value;
    return isSeq(list) ? scalarsOf(list, root).map((item) => textOf(item) ?? '') : [];
  };
  const own = (key: string) => {
    const object = findMap(map, key, root)?.value;
    return object === undefined ? [] : entries(object, root);
  };
  return {
    name,
    inherits: texts('inherits'),
    context: word('context'),
    dockerfile: word('dockerfile'),
    inline: inlineOf(map, root),
    target: word('target'),
    tags: texts('tags'),
    args: own('args').map(({ key, value }) => {
      const text = textOf(value);
      return { name: String(key.value), value: text?.includes('${') === true ? undefined : text, range: rangeOf(key) };
    }),
    images: own('contexts').flatMap(({ key, value }) => {
      const text = isScalar(value) ? textOf(value) : undefined;
      return text?.startsWith('docker-image://') === true
        ? [{ name: String(key.value), image: { text, range: rangeOf(value) } }]
        : [];
    }),
  };
}
