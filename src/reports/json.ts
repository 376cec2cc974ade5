import { Lines } from '../text/lines.ts';
import type { Position, Range } from '../text/range.ts';
import type { FileReport, Report } from './report.ts';

/** Version of the format; it goes up when a reader of the old one would break. See rehull.schema.json. */
const formatVersion = 1;

interface JsonRange extends Range {
  readonly from: Position;
  readonly to: Position;
}

/** The whole run as one JSON object. What is not known is null, never left out. */
export function jsonReport(report: Report): string {
  const object = {
    version: formatVersion,
    rehull: report.version,
    files: report.files.map(jsonFile),
    errors: report.errors,
    tasks: report.tasks.map(({ text, command }) => ({ text, command: command ?? null })),
  };
  return `${JSON.stringify(object)}\n`;
}

function jsonFile({ path, text, result }: FileReport) {
  const lines = new Lines(text);
  const place = ({ start, end }: Range): JsonRange => ({
    start,
    end,
    from: lines.position(start),
    to: lines.position(end),
  });
  return {
    path,
    outcome: result.outcome,
    after: result.after,
    changes: result.changes.map(({ kind, range, rule, why }) => ({
      kind,
      range: range === undefined ? null : place(range),
      rule: rule ?? null,
      why,
    })),
    findings: result.findings.map(({ rule, severity, range, message, why, fix }) => ({
      rule,
      severity,
      range: place(range),
      message,
      why: why ?? null,
      fix: fix ?? null,
    })),
    files: result.files.map(({ path: name, before, after, executable, reasons }) => ({
      path: name,
      before: before ?? null,
      after,
      executable,
      reasons,
    })),
    stages: result.stages.map(({ name, index, role, from, to }) => ({ name: name ?? null, index, role, from, to })),
  };
}
