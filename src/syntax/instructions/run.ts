import type { Range } from '../../text/range.ts';
import { isHeredocMarker } from '../heredoc.ts';
import type { Flag, Heredoc, Instruction } from '../tree.ts';
import { type CommandForm, readCommand } from './command-form.ts';
import { findFlag, findFlags } from './flag.ts';
import { type Mount, readMount } from './mount.ts';

/** `RUN <<EOF`: the body is the script, for the stage's shell or for the interpreter its `#!` line names. */
export interface HeredocScript {
  readonly kind: 'script';
  readonly heredoc: Heredoc;
  readonly range: Range;
}

export interface Run {
  /** undefined where nothing follows the flags */
  readonly command: CommandForm | HeredocScript | undefined;
  /** here-documents that the command line reads from (`cat <<EOF >file`); empty for a script */
  readonly heredocs: readonly Heredoc[];
  readonly mounts: readonly Mount[];
  /** `default`, `none` or `host` */
  readonly network: Flag | undefined;
  /** `sandbox` or `insecure` */
  readonly security: Flag | undefined;
  readonly device: readonly Flag[];
}

/** `RUN [--mount=…] [--network=…] [--security=…] command` */
export function readRun(instruction: Instruction): Run {
  const { heredocs, body, bodyRange } = instruction;
  const heredoc = heredocs.length === 1 && isHeredocMarker(body.text) ? heredocs[0] : undefined;
  return {
    command: heredoc === undefined ? readCommand(instruction) : { kind: 'script', heredoc, range: bodyRange },
    heredocs: heredoc === undefined ? heredocs : [],
    mounts: findFlags(instruction, 'mount').map(readMount),
    network: findFlag(instruction, 'network'),
    security: findFlag(instruction, 'security'),
    device: findFlags(instruction, 'device'),
  };
}
