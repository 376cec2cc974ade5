import type { ImageFinding } from '../images/image-finding.ts';
import type { Inspection } from '../images/inspection.ts';
import { sentence, visible } from './clean-text.ts';
import { type Style, severityPaint } from './style.ts';

/** Lines of the tables of layers and packages; all of them are in the JSON. */
const most = { layers: 40, packages: 5 };

/** What an image is and what was found in it, for a person. */
export function inspectionText(inspection: Inspection, style: Style): string {
  const { image, origin, platform, start, contents, findings } = inspection;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['image', `${image} (${origin}, ${platform})`],
    ['release', contents.release],
    [
      'size',
      `${megabytes(inspection.bytes)} in ${inspection.files} files, ${plural(inspection.layers.length, 'layer')}`,
    ],
    ['packages', countPackages(contents)],
    ['start', start.argv.length === 0 ? undefined : sentence(JSON.stringify(start.argv))],
    ['runs', start.steps.map(({ path }) => path).join(' → ')],
    ['C library', start.libc],
    ['user', start.user],
    ['workdir', start.workdir],
    ['ports', start.ports.join(' ')],
    ['volumes', start.volumes.join(' ')],
    ['TLS roots', contents.certificates ?? 'none'],
    ['time zones', contents.timeZones ?? 'none'],
  ];
  const told = facts.filter(([, value]) => value !== undefined && value !== '');
  const lines = told.map(([name, value]) => `${style.dim(name.padEnd(12))}${visible(value!)}`);
  const found = findings.flatMap((finding) => findingLines(finding, style));
  return `${[...lines, '', ...layerLines(inspection, style), ...packageLines(contents, style), ...found, verdict(findings)].join('\n')}\n`;
}

function countPackages({ packages, languagePackages }: Inspection['contents']): string | undefined {
  const counts = new Map([['the distribution', packages.length]]);
  for (const { language } of languagePackages) counts.set(language, (counts.get(language) ?? 0) + 1);
  const told = [...counts].filter(([, count]) => count > 0).map(([whose, count]) => `${count} of ${whose}`);
  return told.length === 0 ? undefined : told.join(', ');
}

function layerLines({ layers }: Inspection, style: Style): string[] {
  if (layers.length === 0) return [];
  const rows = layers.slice(0, most.layers).map(({ fileBytes, keptBytes, createdBy }, index) => {
    const hidden = fileBytes - keptBytes;
    const by = createdBy === undefined ? '' : `  ${sentence(createdBy).slice(0, 80)}`;
    const lost = hidden >= 50_000 ? `, ${megabytes(hidden)} of it replaced or removed later` : '';
    return `  ${`${index + 1}`.padStart(2)} ${megabytes(fileBytes).padStart(10)}${style.dim(`${visible(by)}${lost}`)}`;
  });
  const more = layers.length > most.layers ? [`  and ${layers.length - most.layers} more`] : [];
  return [style.dim('layers'), ...rows, ...more, ''];
}

function packageLines({ packages, languagePackages }: Inspection['contents'], style: Style): string[] {
  const all = [...packages.map((one) => ({ ...one, language: undefined })), ...languagePackages];
  const sized = all.flatMap((one) => (one.bytes === undefined ? [] : [{ ...one, bytes: one.bytes }]));
  const largest = sized.sort((one, other) => other.bytes - one.bytes).slice(0, most.packages);
  if (largest.length === 0) return [];
  const rows = largest.map(({ name, version, language, bytes, layer }) => {
    const where = [language, layer === undefined ? undefined : `layer ${layer + 1}`].filter(
      (part) => part !== undefined,
    );
    const told = where.length === 0 ? '' : style.dim(` (${where.join(', ')})`);
    return `     ${megabytes(bytes).padStart(10)}  ${visible(`${name} ${version}`)}${told}`;
  });
  return [style.dim('largest packages'), ...rows, ''];
}

function plural(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
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
  return `${plural(errors, 'error')}, ${reviews} to review`;
}
