import type { Assignment, Command, Compound, Node, Script, Word } from './tree.ts';

/** In what circumstances a command of a script runs. */
export interface CommandContext {
  /**
   * it may be skipped in a run of the script that succeeds: in a branch of `if` or `case`, in a loop that may have no
   * turn, after `||`, or before one
   */
  readonly conditional: boolean;
  /** changes of directory and variables do not outlive it: `( )`, `$( )`, a pipeline, `&` */
  readonly subshell: boolean;
  /** name of the function it is in: it runs where that is called, if at all */
  readonly function: string | undefined;
  /** inside `$( )`, backticks or `<( )` */
  readonly substitution: boolean;
  /** one of the programs of a pipeline */
  readonly pipeline: boolean;
  /** the `for` loops around it, outermost first: its variables and their words */
  readonly loops: readonly Compound[];
  /** redirections of the groups, loops and branches around it */
  readonly compounds: readonly Compound[];
}

export interface CommandInContext {
  readonly command: Command;
  readonly context: CommandContext;
}

const outermost: CommandContext = {
  conditional: false,
  subshell: false,
  function: undefined,
  substitution: false,
  pipeline: false,
  loops: [],
  compounds: [],
};

/**
 * Every command of a script in the order in which the shell comes to it: commands in substitutions before the command
 * that they are part of, sequences flattened. `outer` is the context of the script itself, if it is part of another.
 */
export function commandsOf(script: Script, outer: CommandContext = outermost): readonly CommandInContext[] {
  const found: CommandInContext[] = [];
  walkScript(script, outer, found);
  return found;
}

function walkScript(script: Script, context: CommandContext, found: CommandInContext[]): void {
  for (const { node, background } of script.statements) {
    walkNode(node, background ? { ...context, subshell: true } : context, found);
  }
}

function walkNode(node: Node, context: CommandContext, found: CommandInContext[]): void {
  switch (node.kind) {
    case 'command':
      walkAssignments(node.assignments, context, found);
      walkWords(node.words, context, found);
      for (const redirect of node.redirects) {
        if (redirect.target !== undefined) walkWord(redirect.target, context, found);
      }
      found.push({ command: node, context });
      return;
    case 'pipeline':
      for (const inner of node.nodes) {
        walkNode(inner, node.nodes.length > 1 ? { ...context, pipeline: true, subshell: true } : context, found);
      }
      return;
    case 'and-or': {
      const lastOr = node.operators.lastIndexOf('||');
      const maybe = { ...context, conditional: true };
      node.nodes.forEach((inner, index) => {
        const always = index === 0 || (node.operators[index - 1] === '&&' && index - 1 > lastOr);
        walkNode(inner, always ? context : maybe, found);
      });
      return;
    }
    case 'compound':
      walkCompound(node, context, found);
  }
}

function walkCompound(node: Compound, context: CommandContext, found: CommandInContext[]): void {
  walkWords(node.words, context, found);
  for (const redirect of node.redirects) {
    if (redirect.target !== undefined) walkWord(redirect.target, context, found);
  }
  const outer = node.redirects.length > 0 ? { ...context, compounds: [...context.compounds, node] } : context;
  const maybe = { ...outer, conditional: true };
  node.scripts.forEach((script, index) => {
    walkScript(script, contextOf(node, index, outer, maybe), found);
  });
}

function contextOf(node: Compound, index: number, outer: CommandContext, maybe: CommandContext): CommandContext {
  switch (node.form) {
    case 'if':
    case 'while':
    case 'until':
      return index === 0 ? outer : maybe;
    case 'case':
    case 'select':
      return maybe;
    case 'for': {
      const runs = node.words.some((word) => word.value !== undefined || word.braces);
      return { ...(runs ? outer : maybe), loops: [...outer.loops, node] };
    }
    case 'function':
      return { ...outer, function: node.name };
    case 'subshell':
      return { ...outer, subshell: true };
    default:
      return outer;
  }
}

function walkAssignments(assignments: readonly Assignment[], context: CommandContext, found: CommandInContext[]): void {
  for (const { value } of assignments) if (value !== undefined) walkWord(value, context, found);
}

function walkWords(words: readonly Word[], context: CommandContext, found: CommandInContext[]): void {
  for (const word of words) walkWord(word, context, found);
}

function walkWord(word: Word, context: CommandContext, found: CommandInContext[]): void {
  if (word.value !== undefined) return;
  for (const part of word.parts) {
    if (part.kind === 'command' || part.kind === 'process') {
      walkScript(part.script, { ...context, subshell: true, substitution: true }, found);
    }
  }
}
