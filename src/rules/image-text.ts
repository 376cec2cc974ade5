import type { ChosenImage } from '../decisions/images.ts';
import type { BuildFacts } from '../facts/build-facts.ts';
import type { Stage } from '../facts/stage-graph.ts';
import type { Step } from '../steps/step.ts';
import { readArg } from '../syntax/instructions/arg.ts';
import type { Instruction } from '../syntax/tree.ts';

/**
 * How a chosen image is written after FROM. A version that the file takes from an ARG stays there, so that builds can
 * go on overriding it; where the version has to change, the ARG's default changes.
 */
export function imageText(facts: BuildFacts, stage: Stage, chosen: ChosenImage): { text: string; steps: Step[] } {
  const plain = { text: chosen.text, steps: [] };
  const written = stage.from.image?.text ?? '';
  const match = /^[^$]*:([\w.-]*)\$\{?(\w+)\}?([\w.-]*)$/.exec(written);
  if (match === null || match[1] !== '') return plain;
  const name = match[2]!;
  const declared = facts.graph.globals.flatMap((instruction) => readArg(instruction, facts.file.escape).map((entry) => ({ instruction, entry }))).filter(({ entry }) => entry.name.text === name);
  const value = facts.scopes.global.get(name);
  if (declared.length !== 1 || typeof value !== 'string' || !/^\d+(\.\d+)*$/.test(value)) return plain;
  const prefix = chosen.text.slice(0, chosen.text.length - chosen.tag.length);
  const rest = chosen.tag.startsWith(value) ? chosen.tag.slice(value.length) : undefined;
  if (rest !== undefined && (rest === '' || rest.startsWith('-'))) return { text: `${prefix}\${${name}}${rest}`, steps: [] };
  const { instruction, entry } = declared[0]!;
  const version = /^\d+(\.\d+)*/.exec(chosen.tag)?.[0];
  if (version === undefined || entry.default === undefined || !usedInTagsOnly(facts, name, instruction)) return plain;
  return {
    text: `${prefix}\${${name}}${chosen.tag.slice(version.length)}`,
    steps: [{ kind: 'edit', rule: 'version-and-tag', why: `the catalog has no ${value}`, instruction, edits: [{ range: entry.default.range, text: version }] }],
  };
}

/** Whether an ARG is read by one FROM alone, so that its default may change without other consequences. */
function usedInTagsOnly(facts: BuildFacts, name: string, declaration: Instruction): boolean {
  const pattern = new RegExp(`\\$\\{?${name}\\b`, 'g');
  const { text } = facts.file;
  const outside = text.slice(0, declaration.range.start) + text.slice(declaration.range.end);
  return (outside.match(pattern)?.length ?? 0) === 1 && !new RegExp(`^\\s*ARG\\s+${name}\\s*$`, 'im').test(outside);
}
