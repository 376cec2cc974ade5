import type { ImageFinding } from '../images/image-finding.ts';
import type { Inspection } from '../images/inspection.ts';
import { sentence, visible } from './clean-text.ts';
import { type Style, severityPaint } from './style.ts';

/** What an image is and what was found in it, for a person. */
export function inspectionText(inspection: Inspection, style: Style): string {
  const { image, origin, platform, start, contents, findings } = inspection;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['image', `${image} (${origin}, ${platform})`],
    ['release', contents.release],
    [
      'size',
      `${(inspection.bytes / 1e6).toFixed(1)} MB in ${inspection.files} files, ${inspection.layers.length} layers`,
    ],
    ['packages', contents.packages.length === 0 ? undefined : `${contents.packages.length} of the distribution`],
    ['start', start.argv.length === 0 ? undefined : sentence(JSON.stringify(start.argv))],
    ['runs', start.steps.map(({ path }) => path).join(' → ')],
    ['C library', start.libc],
    ['user', start.user],
    ['workdir', start.workdir],
    ['ports', start.ports.join(' ')],
    ['volumes', start.volumes.join(' ')],
  ];
  const told = facts.filter(([, value]) => value !== undefined && value !== '');
  const lines = told.map(([name, value]) => `${style.dim(name.padEnd(10))}${visible(value!)}`);
  return `${[...lines, '', ...findings.flatMap((finding) => findingLines(finding, style)), verdict(findings)].join('\n')}\n`;
}

function findingLines({ rule, severity, layer, message, why, fix }: ImageFinding, style: Style): string[] {
  const place = layer === undefined ? '' : style.dim(` (layer ${layer + 1})`);
  return [
    `${severityPaint(style, severity)(`${severity}[${rule}]`)} ${sentence(message)}${place}`,
    ...(why === undefined ? [] : [`  why: ${sentence(why)}`]),
    ...(fix === undefined ? [] : [`  fix: ${sentence(fix)}`]),
    '',
  ];
}

function verdict(findings: readonly ImageFinding[]): string {
  const count = (severity: ImageFinding['severity']) => findings.filter((one) => one.severity === severity).length;
  const [errors, reviews] = [count('error'), count('review')];
  if (errors + reviews === 0) return 'Nothing was found that keeps the image from starting.';
  const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  return `${plural(errors, 'error')}, ${reviews} to review`;
}
