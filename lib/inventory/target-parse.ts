import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { SourceRange } from '../model/source.ts';
import type { Target } from './target.ts';
import { parseTerm, TargetProblem } from './target-term.ts';

/** Nodegroups may name each other; deeper than this they name themselves. */
const DEEPEST = 50;

type Nodegroups = ReadonlyMap<string, string>;

/** What one parse keeps in mind. */
interface Context {
  readonly nodegroups: Nodegroups;
  /** The nodegroups around the expression being read. */
  readonly within: readonly string[];
}

/**
 * Parses a target: Salt's compound expressions (`G@os:Debian and not E@web\d+`, precedence as in Python), a group's or
 * nodegroup's name, `kind:physical`, `label:rack=r1`, `web1,web2`, and ranges as slab prints them.
 * @param source where the expression is written; undefined for the command line.
 * @returns the target, or what is wrong with it (SLAB1010).
 */
export function parseTarget(text: string, nodegroups: Nodegroups, source?: SourceRange): Checked<Target> {
  return checkProblems(source, () => parseWords(text, { nodegroups, within: [] }));
}

/** Runs a parser and makes its problem a diagnostic. */
export function checkProblems(source: SourceRange | undefined, parse: () => Target): Checked<Target> {
  try {
    return { value: parse(), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof TargetProblem)) throw error;
    const diagnostic: Diagnostic = {
      severity: 'error',
      code: 'SLAB1010',
      summary: error.message,
      ...(source === undefined ? {} : { source }),
      ...(error.why === undefined ? {} : { why: error.why }),
      ...(error.fix === undefined ? {} : { fix: error.fix }),
    };
    return { diagnostics: [diagnostic] };
  }
}

/** A nodegroup as a target: its expression, or the group of that name. */
export function parseNodegroup(name: string, context: Context): Target {
  const expression = context.nodegroups.get(name);
  if (expression === undefined) return { type: 'group', name };
  if (context.within.includes(name) || context.within.length >= DEEPEST)
    throw new TargetProblem(`the nodegroup ${name} contains itself`, {
      why: [...context.within, name].join(' > '),
      fix: 'remove one of the N@ in these nodegroups',
    });
  return parseWords(expression, { ...context, within: [...context.within, name] });
}

function parseWords(text: string, context: Context): Target {
  const words = splitWords(text);
  if (words.length === 0) throw new TargetProblem('the target is empty', { fix: "write '*' for all hosts" });
  const parser = { words, at: 0, context, text };
  const target = parseOr(parser);
  const left = words[parser.at];
  if (left === undefined) return target;
  if (left === ')') throw new TargetProblem(`")" closes nothing in "${text}"`, { fix: 'remove it' });
  const before = words[parser.at - 1] ?? '';
  throw new TargetProblem(`there is no operator between "${before}" and "${left}"`, {
    why: 'words are joined by and, or, not',
    fix: `write "${before} or ${left}", or "${before},${left}" for a list`,
  });
}

/** Salt wants spaces around parentheses; here they may also touch the first and the last word. */
function splitWords(text: string): readonly string[] {
  return text.split(/\s+/).flatMap((chunk) => {
    const opening = /^\(*/.exec(chunk)?.[0].length ?? 0;
    let word = chunk.slice(opening);
    let closing = 0;
    while (word.endsWith(')') && count(word, ')') > count(word, '(')) {
      word = word.slice(0, -1);
      closing++;
    }
    const parts = [...Array<string>(opening).fill('('), word, ...Array<string>(closing).fill(')')];
    return parts.filter((part) => part !== '');
  });
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

interface Parser {
  readonly words: readonly string[];
  at: number;
  readonly context: Context;
  readonly text: string;
}

function parseOr(parser: Parser): Target {
  const terms = [parseAnd(parser)];
  while (parser.words[parser.at] === 'or') {
    parser.at++;
    terms.push(parseAnd(parser));
  }
  const [only, ...more] = terms;
  return only !== undefined && more.length === 0 ? only : { type: 'or', terms };
}

function parseAnd(parser: Parser): Target {
  const terms = [parseNot(parser)];
  for (;;) {
    const word = parser.words[parser.at];
    if (word === 'and') parser.at++;
    // Salt: "a not b" means "a and not b".
    else if (word !== 'not') break;
    terms.push(parseNot(parser));
  }
  const [only, ...more] = terms;
  return only !== undefined && more.length === 0 ? only : { type: 'and', terms };
}

function parseNot(parser: Parser): Target {
  let isNegated = false;
  while (parser.words[parser.at] === 'not') {
    isNegated = !isNegated;
    parser.at++;
  }
  const term = parsePrimary(parser);
  return isNegated ? { type: 'not', term } : term;
}

function parsePrimary(parser: Parser): Target {
  const word = parser.words[parser.at];
  if (word === undefined)
    throw new TargetProblem(`the target "${parser.text}" breaks off`, {
      why: `a word is missing behind "${parser.words.at(-1) ?? ''}"`,
      fix: 'add it, or remove the operator',
    });
  if (word === 'and' || word === 'or' || word === ')')
    throw new TargetProblem(`a word is missing in front of "${word}" in "${parser.text}"`, {
      fix:
        word === ')' ? 'write something between the parentheses' : `remove "${word}", or write what it joins`,
    });
  parser.at++;
  if (word !== '(') {
    const nodegroup = /^N@(.+)$/.exec(word)?.[1];
    return nodegroup === undefined ? parseTerm(word) : parseNodegroup(nodegroup, parser.context);
  }
  // Each level is a few frames of the stack.
  if (count(parser.text, '(') > 500) throw new TargetProblem('the target has too many parentheses');
  const inner = parseOr(parser);
  const next = parser.words[parser.at];
  if (next === undefined)
    throw new TargetProblem(`"(" is never closed in "${parser.text}"`, { fix: 'add ")"' });
  if (next !== ')')
    throw new TargetProblem(`there is no operator in front of "${next}" in "${parser.text}"`, {
      fix: didYouMean(next, ['and', 'or', 'not', ')']) ?? `write "or ${next}" or "and ${next}"`,
    });
  parser.at++;
  return inner;
}
