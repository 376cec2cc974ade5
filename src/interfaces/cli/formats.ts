import type { Report } from '../../reports/report.ts';

/** The formats for programs and pages, beside what a terminal shows. */
export const formats = ['line', 'json', 'sarif', 'github', 'markdown'] as const;
export type Format = (typeof formats)[number];

/** A report in one of the formats. `migrates`: Markdown is the body of a pull request, not the list of what is wrong. */
export async function render(report: Report, format: Format, migrates: boolean): Promise<string> {
  switch (format) {
    case 'line':
      return (await import('../../reports/line.ts')).lineReport(report);
    case 'json':
      return (await import('../../reports/json.ts')).jsonReport(report);
    case 'sarif':
      return (await import('../../reports/sarif.ts')).sarifReport(report);
    case 'github':
      return (await import('../../reports/github.ts')).githubReport(report);
    case 'markdown':
      return migrates
        ? (await import('../../reports/pull-request.ts')).pullRequest(report)
        : (await import('../../reports/markdown.ts')).markdownReport(report);
  }
}
