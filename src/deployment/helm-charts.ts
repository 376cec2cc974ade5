import type { YAMLMap } from 'yaml';
import { folderOf } from './builds.ts';
import type { Surroundings } from './deployment.ts';
import { find, findList, findScalar, mapsOf, readYaml, textOf } from './yaml-text.ts';

/** A place in a template that takes a value of the chart. */
export interface ValueUse {
  /** of the template */
  readonly path: string;
  readonly line: number;
  /** whether it says which port the container listens on: of the container itself, a probe or a Service's target */
  readonly isContainerPort: boolean;
  /** the number that stands for the value where none is given: `| default 80` */
  readonly fallback: string | undefined;
}

/** A Helm chart: what its templates make of its values. */
export interface Chart {
  /** `` for the root */
  readonly folder: string;
  /** the mapping of values.yaml; undefined where there is none */
  readonly values: YAMLMap | undefined;
  /** keys of values that belong to charts that this one depends on */
  readonly dependencies: ReadonlySet<string>;
  /** by the value's path: `service.port` */
  readonly uses: ReadonlyMap<string, readonly ValueUse[]>;
}

const known = new WeakMap<Surroundings, Map<string, Chart>>();

/** The chart that a file belongs to. */
export function chartOf(path: string, around: Surroundings): Chart | undefined {
  let charts = known.get(around);
  if (charts === undefined) {
    charts = new Map();
    for (const file of around.files)
      if (/(^|\/)Chart\.ya?ml$/.test(file.path)) {
        const folder = folderOf(file.path);
        charts.set(folder, readChart(folder, file.text, around));
      }
    known.set(around, charts);
  }
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const chart = charts.get(folder);
    if (chart !== undefined || folder === '') return chart;
  }
}

function readChart(folder: string, text: string, around: Surroundings): Chart {
  const inside = folder === '' ? '' : `${folder}/`;
  const values = around.files.find(({ path }) => path === `${inside}values.yaml`);
  const uses = new Map<string, ValueUse[]>();
  for (const file of around.files)
    if (file.path.startsWith(`${inside}templates/`)) readUses(file.path, file.text, uses);
  return { folder, values: values && rootOf(values.text), dependencies: dependenciesOf(text), uses };
}

function rootOf(text: string): YAMLMap | undefined {
  const yaml = readYaml(text);
  return 'problem' in yaml ? undefined : yaml.documents[0];
}

function dependenciesOf(text: string): ReadonlySet<string> {
  const root = rootOf(text);
  const list = root === undefined ? undefined : findList(root, 'dependencies', root);
  if (root === undefined || list === undefined) return new Set();
  return new Set(
    mapsOf(list.value, root).flatMap(
      (each) => textOf((findScalar(each, 'alias', root) ?? findScalar(each, 'name', root))?.value) ?? [],
    ),
  );
}

const podKinds = /^kind:\s*["']?(Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Rollout)\b/m;

function readUses(path: string, text: string, uses: Map<string, ValueUse[]>): void {
  let line = 0;
  for (const document of text.split(/^---/m)) {
    const makesPods = podKinds.test(document);
    for (const content of document.split('\n')) {
      line += 1;
      if (!content.includes('.Values.')) continue;
      for (const match of content.matchAll(/\.Values\.(\w+(?:\.\w+)*)(?:\s*\|\s*default\s+(\d+))?/g)) {
        const [, name, fallback] = match;
        const lead = content.slice(Math.max(0, match.index - 80), match.index);
        const key = /(\w+):\s*["']?\{\{-?\s*(?:\w+\s+)?\$?$/.exec(lead)?.[1];
        const isContainerPort = key === 'containerPort' || key === 'targetPort' || (key === 'port' && makesPods);
        const list = uses.get(name!) ?? [];
        list.push({ path, line, isContainerPort, fallback });
        uses.set(name!, list);
      }
    }
    // the line that a document begins in has been counted with the one before
    line -= 1;
  }
}

/** A value of the chart by its path; undefined where it is not said, or is more than one word. */
export function chartValue({ values }: Chart, path: string): string | undefined {
  let at: YAMLMap | undefined = values;
  const keys = path.split('.');
  for (const [index, key] of keys.entries()) {
    const found: unknown = at === undefined ? undefined : find(at, key, values!)?.value;
    if (index === keys.length - 1) return textOf(found);
    at = found as YAMLMap | undefined;
    if (at === undefined || !('items' in at)) return undefined;
  }
  return undefined;
}

/** A template's text with the chart's own values in it; what else a template makes is left empty. */
export function expanded(text: string, chart: Chart): string {
  return text.replace(/\{\{-?([^{}]*)\}\}/g, (_whole, inner: string) => {
    const path = /^\s*\$?\.Values\.(\w+(?:\.\w+)*)/.exec(inner)?.[1];
    return path === undefined ? '' : (chartValue(chart, path) ?? '');
  });
}
