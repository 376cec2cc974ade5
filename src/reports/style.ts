import type { Outcome } from '../compile-result.ts';
import type { Finding } from '../findings/finding.ts';

type Paint = (text: string) => string;

/** Colours of a terminal; each gives back its text unchanged where there are none. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly magenta: Paint;
  readonly cyan: Paint;
}

function sgr(open: number, close: number): Paint {
  return (text) => `\u001b[${open}m${text}\u001b[${close}m`;
}

const same: Paint = (text) => text;

export const plain: Style = { bold: same, dim: same, red: same, green: same, yellow: same, magenta: same, cyan: same };

export const colored: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  magenta: sgr(35, 39),
  cyan: sgr(36, 39),
};

export function severityPaint(style: Style, severity: Finding['severity']): Paint {
  return { error: style.red, review: style.yellow, blocked: style.magenta, info: style.cyan }[severity];
}

export function outcomePaint(style: Style, outcome: Outcome): Paint {
  return { ready: style.green, review: style.yellow, blocked: style.magenta, unchanged: style.dim }[outcome];
}
