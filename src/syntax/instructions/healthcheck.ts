import { separatorIn, skipSeparators } from '../arguments.ts';
import { argument } from '../logical-text.ts';
import type { Argument, Flag, Instruction } from '../tree.ts';
import { type CommandForm, readCommandForm, restOf } from './command-form.ts';
import { findFlag } from './flag.ts';

export type Healthcheck =
  /** `HEALTHCHECK NONE`: switches off what the image brings */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'command';
      /** the word CMD */
      readonly type: Argument;
      readonly command: CommandForm | undefined;
      readonly interval: Flag | undefined;
      readonly timeout: Flag | undefined;
      readonly startPeriod: Flag | undefined;
      readonly startInterval: Flag | undefined;
      readonly retries: Flag | undefined;
    };

/** `HEALTHCHECK NONE` or `HEALTHCHECK [flags] CMD command`; undefined for anything else, which the builder refuses. */
export function readHealthcheck(instruction: Instruction): Healthcheck | undefined {
  const { body } = instruction;
  const typeEnd = separatorIn(body.text);
  const type = body.text.slice(0, typeEnd).toUpperCase();
  const commandStart = skipSeparators(body.text, typeEnd);
  if (type === 'NONE' && commandStart === body.text.length) return { kind: 'none' };
  if (type !== 'CMD') return undefined;
  return {
    kind: 'command',
    type: argument(body, 0, typeEnd),
    command: readCommandForm(restOf(body, commandStart)),
    interval: findFlag(instruction, 'interval'),
    timeout: findFlag(instruction, 'timeout'),
    startPeriod: findFlag(instruction, 'start-period'),
    startInterval: findFlag(instruction, 'start-interval'),
    retries: findFlag(instruction, 'retries'),
  };
}
