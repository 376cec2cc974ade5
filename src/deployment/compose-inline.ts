import type { Scalar } from 'yaml';
import type { Finding } from '../findings/finding.ts';
import type { Range } from '../text/range.ts';
import type { Build } from './builds.ts';
import type { Changes } from './changes.ts';
import type { Service } from './compose-services.ts';
import { type Found, findMap, findScalar, isTemplated, rangeOf, type YamlText } from './yaml-text.ts';

/** A Dockerfile that stands in a Compose file as a literal block. */
export interface InlineText {
  /** the Dockerfile, as the builder gets it */
  readonly text: string;
  /** the lines of the block, without its head */
  readonly range: Range;
  readonly indent: string;
  readonly place: Found<Scalar>;
}

/** The Dockerfile within a service's `build:`; undefined where there is none. */
export function inlinePlace({ map, root }: Service): Found<Scalar> | undefined {
  const build = findMap(map, 'build', root);
  const place = build === undefined ? undefined : findScalar(build.value, 'dockerfile_inline', root);
  return place && { ...place, shared: place.shared || build?.shared === true };
}

/** Its text, where that is a literal block into which Compose puts no variables; `$$` of Compose is a dollar. */
export function inlineText(service: Service, yaml: YamlText): InlineText | undefined {
  const place = inlinePlace(service);
  if (place === undefined || place.shared || place.value.type !== 'BLOCK_LITERAL') return undefined;
  const { start, end } = rangeOf(place.value);
  const head = yaml.text.indexOf('\n', start);
  if (head === -1 || isTemplated(yaml, { start, end })) return undefined;
  const range = { start: head + 1, end };
  const block = yaml.text.slice(range.start, end);
  const indent = /^(?:[ \t]*\r?\n)*([ ]+)\S/.exec(block)?.[1] ?? '';
  const lines = block.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trim()));
  const text = lines.join('\n').replaceAll('\r', '');
  const value = String(place.value.value);
  if (indent === '' || text.trimEnd() !== value.trimEnd() || /(?<!\$)(\$\$)*\$(?!\$)/.test(value)) return undefined;
  return { text: value.replaceAll('$$', '$'), range, indent, place };
}

/** What became of a Dockerfile within the file. */
export function changeInline(service: Service, { dockerfile }: Build, changes: Changes): void {
  const inline = inlineText(service, changes.yaml);
  if (inline === undefined) return;
  const { before, result } = dockerfile;
  const starts = lineStarts(changes.yaml.text, inline.range);
  for (const finding of result.findings) {
    const line = before.slice(0, finding.range.start).split('\n').length - 1;
    changes.findings.push({ ...finding, severity: openAs(finding), range: starts[line] ?? inline.range });
  }
  if (result.outcome === 'blocked' || result.after === before) return;
  const lines = result.after.replaceAll('$', '$$$$').trimEnd().split('\n');
  const text = lines.map((line) => (line === '' ? '' : `${inline.indent}${line}`)).join('\n');
  const old = changes.yaml.text.slice(inline.range.start, inline.range.end);
  const kept = old.trimEnd().length;
  changes.edits.push({ range: { start: inline.range.start, end: inline.range.start + kept }, text });
}

function openAs({ severity }: Finding): Finding['severity'] {
  return severity === 'blocked' ? 'review' : severity;
}

/** Where each line of the block stands, without its indentation. */
function lineStarts(text: string, { start, end }: Range): Range[] {
  const ranges: Range[] = [];
  let at = start;
  for (const line of text.slice(start, end).split('\n')) {
    const lead = line.length - line.trimStart().length;
    ranges.push({ start: at + lead, end: at + Math.max(lead, line.trimEnd().length) });
    at += line.length + 1;
  }
  return ranges;
}
