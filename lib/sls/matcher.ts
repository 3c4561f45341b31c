import type { Checked } from '../diagnostics/diagnostic.ts';
import { parseTypedTarget } from '../inventory/match-type.ts';
import { matchTarget } from '../inventory/target-match.ts';
import type { Subject, Target } from '../inventory/target.ts';
import type { SourceRange } from '../model/source.ts';
import type { Matcher } from './target-match.ts';

/** Gives each host its matcher; expressions are parsed once for all of them. */
export type Matchers = (subject: Subject) => Matcher;

/** Matchers of one environment: nodegroups come from its inventory. Without a pillar, pillar targets match nothing. */
export function createMatchers(nodegroups: ReadonlyMap<string, string>): Matchers {
  const parsed = new Map<string, Checked<Target>>();
  const parse = (type: string, expression: string, source: SourceRange): Checked<Target> => {
    const key = `${type} ${expression}`;
    const known = parsed.get(key);
    if (known?.value !== undefined) return known;
    // A mistake is not remembered: each place that makes it is reported.
    const target = parseTypedTarget({ type, expression, nodegroups, source });
    parsed.set(key, target);
    return target;
  };
  return (subject) => (type, expression, source) => {
    const { value: target, diagnostics } = parse(type, expression, source);
    return target === undefined ? { diagnostics } : { value: matchTarget(target, subject), diagnostics };
  };
}
