import type { Checked } from '../diagnostics/diagnostic.ts';
import type { SourceRange } from '../model/source.ts';
import type { Subject, Target } from './target.ts';
import { matchTarget } from './target-match.ts';
import { checkProblems, parseNodegroup, parseTarget } from './target-parse.ts';
import { compileOrRefuse, makeQuery, parseNetwork, TargetProblem } from './target-term.ts';
import { didYouMean } from '../diagnostics/near.ts';

/** The matchers a top file may name by `match:`. */
const matchTypes = [
  'compound',
  'glob',
  'pcre',
  'grain',
  'grain_pcre',
  'pillar',
  'pillar_pcre',
  'pillar_exact',
  'list',
  'ipcidr',
  'nodegroup',
] as const;

/** One of them. */
type MatchType = (typeof matchTypes)[number];

/** What an expression of a top file is read with. */
interface TypedExpression {
  /** As written; Salt's default is `compound`. */
  readonly type: string;
  readonly expression: string;
  readonly nodegroups: ReadonlyMap<string, string>;
  readonly source?: SourceRange;
}

/** Parses the target of a top file under its match type. @returns the target, or what is wrong (SLAB1010). */
export function parseTypedTarget({ type, expression, nodegroups, source }: TypedExpression): Checked<Target> {
  const known = matchTypes.find((candidate) => candidate === type);
  if (known === 'compound') return parseTarget(expression, nodegroups, source);
  return checkProblems(source, () => parseKnown(known, { type, expression, nodegroups }));
}

/** Whether a host matches an expression under a match type; what parseTypedTarget complains of is passed on. */
export function matchType(typed: TypedExpression, subject: Subject): Checked<boolean> {
  const { value: target, diagnostics } = parseTypedTarget(typed);
  return target === undefined ? { diagnostics } : { value: matchTarget(target, subject), diagnostics };
}

function parseKnown(
  known: Exclude<MatchType, 'compound'> | undefined,
  { type, expression, nodegroups }: TypedExpression,
): Target {
  switch (known) {
    case 'glob':
      return { type: 'glob', pattern: expression };
    case 'pcre':
      return { type: 'pcre', regex: compileOrRefuse(expression) };
    case 'grain':
      return { type: 'grain', query: makeQuery(expression, ':', 'glob') };
    case 'grain_pcre':
      return { type: 'grain', query: makeQuery(expression, ':', 'pcre') };
    case 'pillar':
      return { type: 'pillar', query: makeQuery(expression, ':', 'glob') };
    case 'pillar_pcre':
      return { type: 'pillar', query: makeQuery(expression, ':', 'pcre') };
    case 'pillar_exact':
      return { type: 'pillar', query: makeQuery(expression, ':', 'exact') };
    case 'list':
      return { type: 'list', names: new Set(expression.split(',').map((name) => name.trim())) };
    case 'ipcidr':
      return parseNetwork(expression);
    case 'nodegroup':
      return parseNodegroup(expression, { nodegroups, within: [] });
    case undefined:
      throw new TargetProblem(`the match type "${type}" is not known`, {
        why: `known are ${matchTypes.join(', ')}`,
        fix: didYouMean(type, matchTypes) ?? 'leave it out: targets are compound expressions',
      });
  }
}
