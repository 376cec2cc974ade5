import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { folderOf } from './builds.ts';
import { buildOf, environmentOf, isNamedVolume, type Service, servicesOf, wordsOf } from './compose-services.ts';
import type { ProjectFile } from './deployment.ts';
import { entries, find, findList, findMap, findScalar, mapsOf, readYaml, scalarsOf, textOf } from './yaml-text.ts';

/** How Compose runs a service, as far as somebody else can run it so. Paths are as the file writes them, but those of `build`. */
export interface ComposeRun {
  readonly name: string;
  /** folder of the file, relative to the project's root */
  readonly folder: string;
  readonly build:
    | {
        readonly context: string;
        readonly dockerfile: string | undefined;
        readonly target: string | undefined;
        readonly args: Readonly<Record<string, string>>;
      }
    | undefined;
  readonly image: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly environmentFiles: readonly string[];
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly user: string | undefined;
  readonly workdir: string | undefined;
  /** in the container */
  readonly ports: readonly number[];
  /** services that must run before it */
  readonly needs: readonly string[];
  readonly mounts: readonly { readonly source: string; readonly target: string; readonly isVolume: boolean }[];
  /** the program of `healthcheck` */
  readonly healthCheck: readonly string[] | undefined;
  /** keys whose values could not be read */
  readonly unread: readonly string[];
}

/** The services of a Compose file; empty for what is none. `variables` are those of the shell and of `.env`. */
export function runsOf(file: ProjectFile, variables: Readonly<Record<string, string | undefined>>): ComposeRun[] {
  const yaml = readYaml(file.text);
  if ('problem' in yaml) return [];
  const services = servicesOf(yaml);
  const names = services.map(({ name }) => name);
  return services.map((service) => runOf(service, folderOf(file.path), variables, names));
}

function runOf(
  service: Service,
  folder: string,
  variables: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): ComposeRun {
  const { map, root, name } = service;
  const fill = (text: string) => interpolate(text, variables);
  const word = (key: string) => {
    const text = textOf(findScalar(map, key, root)?.value);
    return text === undefined ? undefined : fill(text);
  };
  const list = (key: string): string[] => {
    const found = find(map, key, root)?.value;
    if (isSeq(found)) return scalarsOf(found, root).map((item) => fill(textOf(item) ?? ''));
    const single = textOf(found);
    return single === undefined ? [] : [fill(single)];
  };
  const unread: string[] = [];
  const argv = (key: string) => {
    const found = find(map, key, root);
    if (found === undefined || (isScalar(found.value) && found.value.value === null)) return undefined;
    const words = wordsOf(found, root);
    if (words === undefined) unread.push(key);
    return words?.map(fill);
  };
  const environment: Record<string, string> = Object.create(null);
  for (const { variable, value } of environmentOf(map, root)) environment[variable] = fill(value);
  const build = buildOf(service, folder);
  const command = argv('command');
  const entrypoint = argv('entrypoint');
  const said = [...Object.values(environment), ...(command ?? []), ...(entrypoint ?? [])].join('\n');
  return {
    name,
    folder,
    build:
      build === undefined
        ? undefined
        : {
            context: build.context ?? folder,
            dockerfile: build.dockerfile,
            target: build.target,
            args: argumentsOf(service, fill),
          },
    image: word('image'),
    environment,
    environmentFiles: list('env_file'),
    entrypoint,
    command,
    user: word('user'),
    workdir: word('working_dir'),
    ports: portsOf(service, fill),
    needs: [
      ...new Set([
        ...dependenciesOf(service),
        ...list('links').map((link) => link.split(':')[0]!),
        // a service that is called by its name is needed, whatever the order
        ...names.filter((other) => other !== name && isCalled(other, said)),
      ]),
    ],
    mounts: mountsOf(service, fill),
    healthCheck: healthCheckOf(service),
    unread,
  };
}

function isCalled(service: string, said: string): boolean {
  const host = service.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:^|[/@=,])${host}(?::\\d|[/\\s,]|$)`, 'm').test(said);
}

function argumentsOf({ map, root }: Service, fill: (text: string) => string): Record<string, string> {
  const build = findMap(map, 'build', root);
  const args = build === undefined ? undefined : find(build.value, 'args', root)?.value;
  const found: Record<string, string> = Object.create(null);
  if (isMap(args))
    for (const { key, value } of entries(args, root)) found[String(key.value)] = fill(textOf(value) ?? '');
  if (isSeq(args))
    for (const item of scalarsOf(args, root)) {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(textOf(item) ?? '') ?? [];
      if (name !== undefined) found[name] = fill(value!);
    }
  return found;
}

function dependenciesOf({ map, root }: Service): string[] {
  const found = find(map, 'depends_on', root)?.value;
  if (isMap(found)) return entries(found, root).map(({ key }) => String(key.value));
  return isSeq(found) ? scalarsOf(found, root).map((item) => textOf(item) ?? '') : [];
}

/** Ports inside of the container: `8000:80`, `127.0.0.1:8000:80/tcp`, `target: 80`, `expose`. */
function portsOf({ map, root }: Service, fill: (text: string) => string): number[] {
  const texts = ['ports', 'expose'].flatMap((key) => {
    const list = findList(map, key, root)?.value;
    if (list === undefined) return [];
    const long = mapsOf(list, root).map((item) => textOf(findScalar(item, 'target', root)?.value) ?? '');
    return [...scalarsOf(list, root).map((item) => fill(textOf(item) ?? '')), ...long];
  });
  return [...new Set(texts.flatMap((text) => /(?:^|:)(\d{1,5})(?:\/tcp)?$/.exec(text)?.[1] ?? []).map(Number))];
}

function mountsOf({ map, root }: Service, fill: (text: string) => string): ComposeRun['mounts'] {
  const list = findList(map, 'volumes', root)?.value;
  if (list === undefined) return [];
  const mount = (source: string, target: string) =>
    target.startsWith('/') ? [{ source, target, isVolume: source === '' || isNamedVolume(source) }] : [];
  const short = scalarsOf(list, root).flatMap((item) => {
    const [source, target] = fill(textOf(item) ?? '').split(':');
    return target === undefined ? mount('', source ?? '') : mount(source!, target);
  });
  const long = mapsOf(list, root).flatMap((item: YAMLMap) => {
    const word = (key: string) => fill(textOf(findScalar(item, key, root)?.value) ?? '');
    return word('type') === 'bind' ? mount(word('source'), word('target')) : mount('', word('target'));
  });
  return [...short, ...long];
}

function healthCheckOf({ map, root }: Service): readonly string[] | undefined {
  const check = findMap(map, 'healthcheck', root);
  const found = check === undefined ? undefined : find(check.value, 'test', root);
  if (check === undefined || found === undefined) return undefined;
  if (!isSeq(found.value)) {
    const text = textOf(found.value);
    return text === undefined ? undefined : ['sh', '-c', text];
  }
  const [kind, ...words] = scalarsOf(found.value, root).map((item) => textOf(item) ?? '');
  if (kind === 'CMD') return words.length === 0 ? undefined : words;
  return kind === 'CMD-SHELL' && words.length === 1 ? ['sh', '-c', words[0]!] : undefined;
}

/** `$A`, `${A}`, `${A:-b}`, `${A-b}`, `${A:+b}`; `$$` is a dollar. What nobody sets is empty, as in Compose. */
export function interpolate(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  return text.replace(
    /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\})/g,
    (_all, dollar?: string, plain?: string, name?: string, operator?: string, other = '') => {
      if (dollar !== undefined) return '$';
      const key = plain ?? name!;
      const value = Object.hasOwn(variables, key) ? variables[key] : undefined;
      const isSet = operator?.startsWith(':') === true ? value !== undefined && value !== '' : value !== undefined;
      if (operator?.endsWith('+') === true) return isSet ? other : '';
      if (operator?.endsWith('-') === true) return isSet ? value! : other;
      return value ?? '';
    },
  );
}
