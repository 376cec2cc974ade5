import type { CodeFile } from './code-files.ts';

/** A place of the project's code that says on which port it listens. */
export interface FixedPort {
  readonly path: string;
  /** 1-based */
  readonly line: number;
  /** the environment variable that goes before the number, where there is one */
  readonly variable: string | undefined;
}

const files: Readonly<Record<string, RegExp>> = {
  node: /\.[cm]?[jt]sx?$/,
  bun: /\.[cm]?[jt]sx?$/,
  deno: /\.[cm]?[jt]sx?$/,
  python: /\.py$/,
  ruby: /\.(rb|ru)$/,
  java: /\.(java|kt|scala|groovy|clj)$|^application(-[\w-]+)?\.(properties|ya?ml)$/,
  go: /\.go$/,
  dotnet: /\.(cs|fs|vb)$|^appsettings(\.\w+)?\.json$/,
  rust: /\.rs$/,
};

/** The files that `fixedPorts` reads for a language; undefined for languages that it does not know. */
export function portFilesOf(language: string): RegExp | undefined {
  return files[language];
}

const longestLine = 400;
/** how far above the number a variable is looked for: `if port == "" {` stands between them */
const reach = 3;

const listens =
  /\blisten|\bserver?\b|\bserver\.port|\bport\b|_port\b|Port\b|\bbind|\baddr|\brun\(|UseUrls|"Urls?"|ServerSocket|ListenAndServe/i;
/** where others listen */
const elsewhere =
  /\b(?:db|database|redis|postgres|mysql|mongo|smtp|mail|proxy|upstream|target|client|axios|fetch|request|get|post|remote|backend|api)\w*\b/i;
const fromEnvironment =
  /(?:process\.env\.|process\.env\[['"]|Bun\.env\.|Deno\.env\.get\(['"]|environ(?:\.get\(|\[)['"]|getenv\(['"]|ENV(?:\.fetch\(|\[)['"]|Getenv\("|GetEnvironmentVariable\("|env::var\("|LookupEnv\("|\$\{)([A-Z][A-Z0-9_]*)/;

/** Where the code says that it listens on a port: in the call itself, in what goes into it, or in its configuration. */
export function fixedPorts(files: readonly CodeFile[], port: number): readonly FixedPort[] {
  const number = new RegExp(
    `(?<![\\w.:/$-])${port}(?![\\w.%-])|["'\`](?:\\d+(?:\\.\\d+){3}|\\[::\\]|\\*|localhost)?:${port}["'\`]|//(?:\\*|\\+|\\d+(?:\\.\\d+){3}|\\[::\\]):${port}\\b`,
  );
  return files.flatMap(({ path, text }) => {
    if (!text.includes(String(port))) return [];
    const lines = text.split('\n');
    return lines.flatMap((line, index): FixedPort[] => {
      if (line.length > longestLine || /^\s*(?:\/\/|#|\*|\/\*|--|>>>|"""|import\b)/.test(line)) return [];
      if (!number.test(line) || !listens.test(line)) return [];
      const own = fromEnvironment.exec(line)?.[1];
      if (own === undefined && elsewhere.test(line) && !/\blisten|\brun\(/i.test(line)) return [];
      const above = lines.slice(Math.max(0, index - reach), index);
      const near = /^\s*\w+\s*:?=\s*["']?:?\d+["']?;?\s*$/.test(line)
        ? above.map((each) => fromEnvironment.exec(each)?.[1]).findLast((name) => name !== undefined)
        : undefined;
      const variable = own ?? near;
      return [
        { path, line: index + 1, variable: variable !== undefined && /PORT/.test(variable) ? variable : undefined },
      ];
    });
  });
}
