import type { Finding } from '../findings/finding.ts';
import { Lines } from '../text/lines.ts';
import { sentence } from './clean-text.ts';
import type { FileReport, Report } from './report.ts';

const levels = { error: 'error', review: 'warning', blocked: 'error', info: 'note' } as const;

/** SARIF 2.1.0, as code scanning services read it. */
export function sarifReport(report: Report): string {
  const rules = [...new Set(report.files.flatMap(({ result }) => result.findings.map(({ rule }) => rule)))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'rehull',
            version: report.version,
            rules: rules.map((id) => ({
              id,
              shortDescription: { text: id.replaceAll('-', ' ') },
              help: { text: `rehull explain ${id}` },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: report.errors.length === 0,
            toolExecutionNotifications: [
              ...report.errors.map((text) => ({ level: 'error', message: { text } })),
              ...report.tasks.map(({ text, command }) => ({
                level: 'note',
                message: { text: sentence(command === undefined ? text : `${text}: ${command}`) },
              })),
            ],
          },
        ],
        results: report.files.flatMap((file) => sarifResults(file, rules)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function sarifResults({ path, text, result }: FileReport, rules: readonly string[]) {
  const lines = new Lines(text);
  const indexes = new Map(rules.map((rule, index) => [rule, index]));
  return result.findings.map((finding) => {
    const start = lines.position(finding.range.start);
    const end = lines.position(finding.range.end);
    return {
      ruleId: finding.rule,
      ruleIndex: indexes.get(finding.rule),
      level: levels[finding.severity],
      message: { text: fullText(finding) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: relativeUri(path) },
            region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
          },
        },
      ],
    };
  });
}

function fullText({ message, why, fix }: Finding): string {
  const parts = [`${sentence(message)}.`];
  if (why !== undefined) parts.push(`Why: ${sentence(why)}.`);
  if (fix !== undefined) parts.push(`Fix: ${sentence(fix)}.`);
  return parts.join(' ');
}

/** A path as a URI reference: relative ones stay relative. */
function relativeUri(path: string): string {
  const encoded = path
    .replaceAll('\\', '/')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}
