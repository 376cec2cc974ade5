import type { CodeFile } from './code-files.ts';

/** A place of the project's code that starts another program. */
export interface CalledProgram {
  readonly path: string;
  /** 1-based */
  readonly line: number;
  /** its base name; undefined where the code does not say it in letters */
  readonly program: string | undefined;
  /** whether a shell runs it */
  readonly shell: boolean;
}

/** How a language starts programs. */
interface CallSyntax {
  readonly files: RegExp;
  /** a file without this starts none */
  readonly uses: RegExp;
  /** the call up to its opening bracket or quote, and when a shell is behind it */
  readonly calls: readonly (readonly [call: RegExp, shell: 'always' | 'never' | 'option' | 'meta'])[];
}

const languages: Readonly<Record<string, CallSyntax>> = {
  node: {
    files: /\.[cm]?[jt]sx?$/,
    uses: /child_process|['"](?:execa|shelljs|cross-spawn|zx)['"]/,
    calls: [
      [/(?<![\w.$])(?:child_process\.|childProcess\.|cp\.|shell\.)?exec(?:Sync|Async|Promise|P)?\(/g, 'always'],
      [/(?<![\w.$])(?:child_process\.|childProcess\.|cp\.)?(?:spawn|spawnSync|execFile|execFileSync)\(/g, 'option'],
      [/(?<![\w.$])(?:execFileAsync|execFilePromise|spawnAsync|execa|execaSync)\(/g, 'option'],
      [/(?<![\w$])execaCommand(?:Sync)?\(/g, 'option'],
    ],
  },
  python: {
    files: /\.py$/,
    uses: /\bsubprocess\b|\bos\.(?:system|popen|exec|spawn)|\bcreate_subprocess_/,
    calls: [
      [/\bos\.(?:system|popen)\(/g, 'always'],
      [/\bsubprocess\.(?:getoutput|getstatusoutput)\(/g, 'always'],
      [/\basyncio\.create_subprocess_shell\(/g, 'always'],
      [/(?<![\w.])(?:subprocess\.|sp\.)(?:run|call|check_call|check_output|Popen)\(/g, 'option'],
      [/(?<![\w.])(?:check_call|check_output|Popen)\(/g, 'option'],
      [/\basyncio\.create_subprocess_exec\(/g, 'never'],
      [/\bos\.(?:exec[lv]p?e?|spawn[lv]p?e?)\(/g, 'never'],
    ],
  },
  ruby: {
    files: /\.(?:rb|rake)$/,
    uses: /`|system|Open3|IO\.popen|\bexec\b/,
    calls: [
      [/(?<![\w.$:@])(?:Kernel\.)?(?:system|exec|spawn)[( ](?=\s*['"])/g, 'meta'],
      [/\bOpen3\.(?:capture2e?|capture3|popen2e?|popen3)\(/g, 'meta'],
      [/\bIO\.popen\(/g, 'meta'],
      [/(?<=(?:=|\(|\bputs|\breturn|^)\s*)(?=`[a-z])/g, 'meta'],
    ],
  },
  php: {
    files: /\.php$/,
    uses: /exec|system|passthru|popen|proc_open|Process/,
    calls: [
      [/(?<![\w$>:\\])\\?(?:shell_exec|exec|system|passthru|popen|proc_open)\((?=\s*['"$])/g, 'always'],
      [/\bnew\s+\\?(?:Symfony\\Component\\Process\\)?Process\(/g, 'never'],
      [/\bProcess::fromShellCommandline\(/g, 'always'],
    ],
  },
  java: {
    files: /\.(?:java|kt|scala|groovy)$/,
    uses: /Runtime|ProcessBuilder/,
    calls: [
      [/\bRuntime\.getRuntime\(\)\.exec\(/g, 'never'],
      [/\bgetRuntime\(\)\.exec\(/g, 'never'],
      [/\bProcessBuilder\(/g, 'never'],
    ],
  },
  go: {
    files: /\.go$/,
    uses: /"os\/exec"/,
    calls: [
      [/\bexec\.Command\(/g, 'never'],
      [/\bexec\.CommandContext\(\s*[\w.()]{1,40}\s*,/g, 'never'],
    ],
  },
  dotnet: {
    files: /\.(?:cs|fs|vb)$/,
    uses: /\bProcess\b|ProcessStartInfo/,
    calls: [
      [/\bProcess\.Start\(/g, 'never'],
      [/\bnew\s+ProcessStartInfo\(/g, 'never'],
      [/\bFileName\s*=(?=\s*@?")/g, 'never'],
    ],
  },
  rust: {
    files: /\.rs$/,
    uses: /\bprocess::(?:Command|\{)/,
    calls: [[/\bCommand::new\(/g, 'never']],
  },
};

/** The files of a language that `calledPrograms` reads; undefined for languages that it does not know. */
export function codeFilesOf(language: string): RegExp | undefined {
  return languages[language]?.files;
}

const longestLine = 400;
const longestCall = 800;

/** Where the code of a language starts other programs, as far as it says so in letters. */
export function calledPrograms(language: string, files: readonly CodeFile[]): readonly CalledProgram[] {
  const syntax = languages[language];
  if (syntax === undefined) return [];
  return files.flatMap((file) => (syntax.uses.test(file.text) ? callsOf(file, syntax) : []));
}

function callsOf({ path, text }: CodeFile, syntax: CallSyntax): CalledProgram[] {
  const found: CalledProgram[] = [];
  let offset = 0;
  let number = 0;
  for (const line of text.split('\n')) {
    number++;
    const start = offset;
    offset += line.length + 1;
    if (line.length > longestLine || /^\s*(?:\/\/|#|\*|\/\*|--|>>>)/.test(line)) continue;
    for (const [call, shell] of syntax.calls) {
      call.lastIndex = 0;
      for (const match of line.matchAll(call)) {
        if (/\b(?:def|function|func|fn)\s+$/.test(line.slice(0, match.index))) continue;
        const from = start + match.index + match[0].length;
        const read = readCall(insideOf(text.slice(from, from + longestCall)), shell);
        if (read !== undefined) found.push({ path, line: number, ...read });
      }
    }
  }
  // two of the patterns may mean one place
  return found.filter(
    (each, index) => found.findIndex((other) => other.line === each.line && other.program === each.program) === index,
  );
}

/** The text up to the bracket that closes the call. */
function insideOf(text: string): string {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (/["'`]/.test(character)) quote = character;
    else if (/[([{]/.test(character)) depth++;
    else if (/[)\]}]/.test(character) && --depth < 0) return text.slice(0, at);
  }
  return text;
}

function readCall(
  inside: string,
  shell: 'always' | 'never' | 'option' | 'meta',
): Pick<CalledProgram, 'program' | 'shell'> | undefined {
  const [, mark = '', text] =
    /^\s*(?:new String\[\]\s*\{|(?:listOf|Arrays\.asList|List\.of|array)\(|\[|\{|\()?\s*(?:[rbfu@$]{1,2}(?=["']))?(["'`])([^"'`\\\n]*)/.exec(
      inside,
    ) ?? [];
  if (/^\s*$/.test(inside)) return undefined;
  const alone = text !== undefined && /^\s*[^,]*$/.test(inside);
  const through =
    shell === 'always' ||
    (shell === 'option' && /\bshell\s*[=:]\s*[Tt]rue\b/.test(inside)) ||
    (shell === 'meta' && alone && /[*?{}[\]<>()~&|$;'"\n]/.test(text));
  const word = text?.trim().split(/\s+/, 1)[0] ?? '';
  const program = /^[\w./+-]+$/.test(word) ? word : undefined;
  if (mark === '' && !through) return undefined;
  // a program of the project's own, or one whose place the code puts together
  if (
    program === undefined ||
    /^\.{0,2}\/(?!(?:usr\/(?:local\/)?)?s?bin\/)/.test(program) ||
    program.includes('/') !== program.startsWith('/')
  )
    return through ? { program: undefined, shell: true } : undefined;
  return { program: program.slice(program.lastIndexOf('/') + 1), shell: through };
}
