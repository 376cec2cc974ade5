import type * as Bash from 'unbash';
import type { Range } from '../text/range.ts';
import { fixedTo, type OffsetMap } from './offset-map.ts';
import type { Assignment, Command, Compound, Node, Redirect, Script, Statement, Test, Word, WordPart } from './tree.ts';

/*
 * From the parser's tree to ours: file offsets instead of offsets into the joined text, words with their parts taken
 * apart for good, and far fewer kinds of nodes.
 */

/** Scripts in scripts (`$( )`) deeper than this are left unread: each level is read again for the levels above. */
const deepest = 32;

/** The parser's offsets point into `text`; `map` leads from there to the file. */
interface Frame {
  readonly text: string;
  readonly map: OffsetMap;
  readonly depth: number;
  problem: string | undefined;
}

/** Converts a parsed script. `text` is what was parsed. */
export function convertScript(script: Bash.ParsedScript, text: string, map: OffsetMap): Script {
  return scriptOf(script, { text, map, depth: 0, problem: undefined });
}

function scriptOf(script: Bash.ParsedScript, frame: Frame): Script {
  const statements = statementsOf(script.commands, frame);
  const problem = script.errors?.[0]?.message ?? frame.problem;
  return { statements, range: covering(rangeOf(script, frame), statements), problem };
}

function nestedScript(script: Bash.ParsedScript | undefined, whole: Bash.WordPart, frame: Frame): Script {
  if (script === undefined || frame.depth >= deepest) {
    const problem = script === undefined ? undefined : 'nested too deeply';
    frame.problem ??= problem;
    return { statements: [], range: rangeOf(whole, frame), problem };
  }
  // Inside backticks with escapes the parser's offsets point into unescaped text of its own.
  const inner: Frame =
    script.source === undefined
      ? { text: frame.text, map: frame.map, depth: frame.depth + 1, problem: undefined }
      : {
          text: script.source,
          map: fixedTo(rangeOf(whole, frame)),
          depth: frame.depth + 1,
          problem: undefined,
        };
  const converted = scriptOf(script, inner);
  frame.problem ??= converted.problem;
  return converted;
}

function statementsOf(commands: readonly Bash.Statement[], frame: Frame): Statement[] {
  const statements: Statement[] = [];
  for (const statement of commands) {
    const node = nodeOf(statement.command, frame);
    const range = covering(rangeOf(statement, frame), [node]);
    statements.push({ node, background: statement.background === true, range });
  }
  return statements;
}

function listOf(list: Bash.CompoundList, frame: Frame): Script {
  const statements = statementsOf(list.commands, frame);
  return { statements, range: covering(rangeOf(list, frame), statements), problem: undefined };
}

/** After an error the parser's ranges may end before what it still found to stand in them. */
function covering(range: Range, inner: readonly { readonly range: Range }[]): Range {
  let { start, end } = range;
  for (const { range: part } of inner) {
    if (part.start < start) start = part.start;
    if (part.end > end) end = part.end;
  }
  return start === range.start && end === range.end ? range : { start, end };
}

/** The range of a node without a continuation at its end, which the parser counts to the word before it. */
function rangeOf(node: { readonly pos: number; readonly end: number }, frame: Frame) {
  // After an error a node may end behind the text.
  let end = Math.min(node.end, frame.text.length);
  while (end - 2 >= node.pos && frame.text.charCodeAt(end - 1) === 10 && frame.text.charCodeAt(end - 2) === 92)
    end -= 2;
  return frame.map.range(Math.min(node.pos, end), end);
}

function nodeOf(node: Bash.PipelineNode | Bash.AndOr, frame: Frame): Node {
  switch (node.type) {
    case 'Command':
      return commandOf(node, frame);
    case 'AndOr': {
      const nodes = node.commands.map((command) => nodeOf(command, frame));
      const operators = node.operators.slice(0, nodes.length - 1);
      return { kind: 'and-or', nodes, operators, range: covering(rangeOf(node, frame), nodes) };
    }
    case 'Pipeline': {
      const nodes = node.commands.map((command) => nodeOf(command, frame));
      const negated = node.prefixes.filter((prefix) => prefix.type === 'Negation').length % 2 === 1;
      return { kind: 'pipeline', negated, nodes, range: covering(rangeOf(node, frame), nodes) };
    }
    case 'Redirected': {
      const compound = compoundOf(node.command, frame);
      const redirects = node.redirects.map((redirect) => redirectOf(redirect, frame));
      return { ...compound, redirects, range: covering(rangeOf(node, frame), [compound]) };
    }
    default:
      return compoundOf(node, frame);
  }
}

function compoundOf(node: Bash.CompoundCommand | Bash.Function | Bash.Coproc, frame: Frame): Compound {
  const compound = (form: Compound['form'], scripts: Script[], words: Word[] = [], name?: string): Compound => ({
    kind: 'compound',
    form,
    name,
    words,
    scripts,
    redirects: [],
    range: covering(covering(rangeOf(node, frame), scripts), words),
  });
  switch (node.type) {
    case 'If': {
      const scripts = [listOf(node.clause, frame), listOf(node.then, frame)];
      for (const branch of node.elif) scripts.push(listOf(branch.clause, frame), listOf(branch.then, frame));
      if (node.else !== undefined) scripts.push(listOf(node.else, frame));
      return compound('if', scripts);
    }
    case 'While':
      return compound(node.kind, [listOf(node.clause, frame), listOf(node.body, frame)]);
    case 'For':
    case 'Select': {
      const words = (node.wordlist ?? []).map((word) => wordOf(word, frame));
      return compound(node.type === 'For' ? 'for' : 'select', [listOf(node.body, frame)], words, node.name.text);
    }
    case 'ArithmeticFor':
      return compound('for', [listOf(node.body, frame)]);
    case 'Case':
      return {
        ...compound(
          'case',
          node.items.map((item) => listOf(item.body, frame)),
          [wordOf(node.word, frame)],
        ),
        patterns: node.items.map((item) => item.pattern.map((word) => wordOf(word, frame))),
      };
    case 'Subshell':
      return compound('subshell', [listOf(node.body, frame)]);
    case 'BraceGroup':
      return compound('group', [listOf(node.body, frame)]);
    case 'Function':
      return compound('function', [bodyOf(node.body, frame)], [], node.name.text);
    case 'Coproc':
      return compound('group', [bodyOf(node.body, frame)]);
    case 'TestCommand': {
      const words: Word[] = [];
      testWords(node.expression, words, frame);
      return { ...compound('test', [], words), test: testOf(node.expression, frame) };
    }
    case 'ArithmeticCommand':
      return compound('arithmetic', []);
  }
}

function bodyOf(body: Bash.Coproc['body'], frame: Frame): Script {
  if (body.type === 'CompoundList') return listOf(body, frame);
  const node = nodeOf(body, frame);
  const range = covering(rangeOf(body, frame), [node]);
  return { statements: [{ node, background: false, range }], range, problem: undefined };
}

function testWords(expression: Bash.TestExpression, words: Word[], frame: Frame): void {
  switch (expression.type) {
    case 'TestUnary':
      words.push(wordOf(expression.operand, frame));
      return;
    case 'TestBinary':
      words.push(wordOf(expression.left, frame), wordOf(expression.right, frame));
      return;
    case 'TestLogical':
      for (const operand of expression.operands) testWords(operand, words, frame);
      return;
    case 'TestNot':
      testWords(expression.operand, words, frame);
      return;
    case 'TestGroup':
      testWords(expression.expression, words, frame);
  }
}

function testOf(expression: Bash.TestExpression, frame: Frame): Test {
  switch (expression.type) {
    case 'TestUnary':
      return { kind: 'unary', operator: expression.operator, operand: wordOf(expression.operand, frame) };
    case 'TestBinary': {
      const { operator, left, right } = expression;
      return { kind: 'binary', operator, left: wordOf(left, frame), right: wordOf(right, frame) };
    }
    case 'TestLogical':
      return {
        kind: 'list',
        operator: expression.operator,
        operands: expression.operands.map((operand) => testOf(operand, frame)),
      };
    case 'TestNot': {
      const operand = testOf(expression.operand, frame);
      return expression.negations.length % 2 === 1 ? { kind: 'not', operand } : operand;
    }
    case 'TestGroup':
      return testOf(expression.expression, frame);
  }
}

function commandOf(node: Bash.Command, frame: Frame): Command {
  const assignments: Assignment[] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  for (const item of node.prefix) {
    if (item.type === 'Assignment') assignments.push(assignmentOf(item, frame));
    else redirects.push(redirectOf(item, frame));
  }
  if (node.name !== undefined) words.push(wordOf(node.name, frame));
  for (const item of node.suffix) {
    if (item.type === 'Word') words.push(wordOf(item, frame));
    else if (item.type === 'Assignment') words.push(assignmentWord(item, frame));
    else redirects.push(redirectOf(item, frame));
  }
  return { kind: 'command', assignments, words, redirects, range: covering(rangeOf(node, frame), words) };
}

function assignmentOf(node: Bash.Assignment, frame: Frame): Assignment {
  return {
    name: node.index === undefined ? node.name : node.text.slice(0, node.text.indexOf(']') + 1),
    append: node.append === true,
    value: node.value.type === 'Word' ? wordOf(node.value, frame, true) : arrayWord(node.value, frame),
    range: rangeOf(node, frame),
  };
}

/** `export A=b`: for the program it is a word like any other. */
function assignmentWord(node: Bash.Assignment, frame: Frame): Word {
  const value = node.value.type === 'Word' ? wordOf(node.value, frame, true) : arrayWord(node.value, frame);
  const valueStart = node.value.pos - node.pos;
  const prefix = node.text.slice(0, valueStart);
  return {
    raw: withoutContinuations(node.text),
    range: rangeOf(node, frame),
    parts: [{ kind: 'text', text: prefix, quoted: false }, ...value.parts],
    value: value.value === undefined ? undefined : prefix + value.value,
    glob: false,
    braces: value.braces,
    tilde: value.tilde,
  };
}

function arrayWord(node: Bash.ArrayValue, frame: Frame): Word {
  const raw = withoutContinuations(frame.text.slice(node.pos, node.end));
  return {
    raw,
    range: rangeOf(node, frame),
    parts: [{ kind: 'text', text: raw, quoted: false }],
    value: undefined,
    glob: true,
    braces: false,
    tilde: false,
  };
}

function redirectOf(node: Bash.Redirection, frame: Frame): Redirect {
  const descriptor = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : undefined;
  const range = rangeOf(node, frame);
  if (node.type !== 'HereDoc') {
    const target = node.target === undefined ? undefined : wordOf(node.target, frame);
    const variable = node.descriptor?.type === 'FileDescriptorVariable' ? `{${node.descriptor.name}}` : '';
    return { operator: variable + node.operator, fileDescriptor: descriptor, target, range };
  }
  const { body } = node;
  const parts: WordPart[] = [];
  if (node.delimiter?.quoted === true) parts.push({ kind: 'text', text: body.text, quoted: true });
  else if (body.parts === undefined) parts.push({ kind: 'text', text: body.text, quoted: true });
  else for (const part of body.parts) addPart(part, true, parts, frame);
  return {
    operator: node.operator,
    fileDescriptor: descriptor,
    target: finishWord(body.text, frame.map.range(body.pos, body.end), parts, false, false),
    range,
  };
}

const plainWord = /^[\w\-./:=,+@%^]*$/;

function wordOf(node: Bash.Word, frame: Frame, assigned = false): Word {
  const range = rangeOf(node, frame);
  const { text } = node;
  if (plainWord.test(text)) {
    return {
      raw: text,
      range,
      parts: [{ kind: 'text', text, quoted: false }],
      value: text,
      glob: false,
      braces: false,
      tilde: false,
    };
  }
  const raw = withoutContinuations(text);
  const parts: WordPart[] = [];
  if (node.parts === undefined) addText(raw, parts);
  else for (const part of node.parts) addPart(part, false, parts, frame);
  const braces = node.parts?.some((part) => part.type === 'BraceExpansion') === true;
  const scripts: Script[] = [];
  for (const part of parts) if (part.kind === 'command' || part.kind === 'process') scripts.push(part.script);
  const tilde = raw.startsWith('~') || (assigned && raw.includes(':~'));
  return finishWord(raw, covering(range, scripts), parts, braces, tilde, node.parts?.some(isGlob) === true);
}

function isGlob(part: Bash.WordPart): boolean {
  return part.type === 'Glob' || part.type === 'ExtendedGlob';
}

function finishWord(
  raw: string,
  range: Word['range'],
  parts: WordPart[],
  braces: boolean,
  tilde: boolean,
  glob = false,
): Word {
  let value: string | undefined = '';
  if (glob || braces || tilde) value = undefined;
  else {
    for (const part of parts) {
      if (part.kind !== 'text') {
        value = undefined;
        break;
      }
      value += part.text;
    }
  }
  return { raw, range, parts, value, glob, braces, tilde };
}

function addPart(part: Bash.WordPart, quoted: boolean, out: WordPart[], frame: Frame): void {
  switch (part.type) {
    case 'Literal':
      if (quoted) out.push({ kind: 'text', text: part.value, quoted: true });
      else addText(withoutContinuations(part.text), out);
      return;
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      out.push({ kind: 'text', text: part.value, quoted: true });
      return;
    case 'DoubleQuoted':
    case 'LocaleString':
      // An empty string is a word, where an empty variable is none.
      if (part.parts.length === 0) out.push({ kind: 'text', text: '', quoted: true });
      for (const child of part.parts) addPart(child, true, out, frame);
      return;
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      out.push({ kind: 'text', text: part.text, quoted: false });
      return;
    case 'SimpleExpansion':
      out.push({
        kind: 'variable',
        name: withoutContinuations(part.text).slice(1),
        operator: undefined,
        operand: undefined,
        quoted,
      });
      return;
    case 'ParameterExpansion':
      out.push(parameterOf(part, quoted));
      return;
    case 'CommandExpansion':
      out.push({ kind: 'command', script: nestedScript(part.script, part, frame), quoted });
      return;
    case 'ProcessSubstitution':
      out.push({ kind: 'process', script: nestedScript(part.script, part, frame) });
      return;
    case 'ArithmeticExpansion':
      out.push({ kind: 'arithmetic', text: part.text });
  }
}

function parameterOf(part: Bash.ParameterExpansionPart, quoted: boolean): WordPart {
  const after = part.text.slice(part.parameterEnd - part.pos, part.text.endsWith('}') ? -1 : undefined);
  let operator: string | undefined;
  let operand: string | undefined;
  if (part.prefix !== undefined) {
    operator = part.prefix === '#' ? 'length' : 'indirect';
    operand = after === '' ? undefined : after;
  } else if (part.index !== undefined) {
    const close = after.indexOf(']') + 1;
    operator = after.slice(0, close);
    operand = after.length > close ? after.slice(close) : undefined;
  } else if (part.operation !== undefined) {
    const length = part.operation.operatorEnd - part.parameterEnd;
    operator = after.slice(0, length);
    operand = after.slice(length);
  }
  return { kind: 'variable', name: part.parameter, operator, operand, quoted };
}

/** Unquoted text: what a backslash protects is as good as quoted. */
function addText(raw: string, out: WordPart[]): void {
  let plain = 0;
  for (let at = raw.indexOf('\\'); at !== -1; at = raw.indexOf('\\', at + 2)) {
    if (at + 1 >= raw.length) break;
    if (at > plain) out.push({ kind: 'text', text: raw.slice(plain, at), quoted: false });
    out.push({ kind: 'text', text: raw.slice(at + 1, at + 2), quoted: true });
    plain = at + 2;
  }
  if (plain < raw.length) out.push({ kind: 'text', text: raw.slice(plain), quoted: false });
}

function withoutContinuations(text: string): string {
  return text.includes('\\\n') ? text.replaceAll('\\\n', '') : text;
}
