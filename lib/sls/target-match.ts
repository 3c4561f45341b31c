import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceRange } from '../model/source.ts';
import type { Wanted } from './wanted.ts';
import type { TopTarget } from './top.ts';

/** Whether a target expression of some matcher (`compound`, `grain` …) means the host at hand; the place is for mistakes in it. */
export type Matcher = (matcher: string, expression: string, source: SourceRange) => Checked<boolean>;

/** Targets that mean a host, in order, and the mistakes in any of them. */
export interface MatchedTargets {
  /** What their subfilters give is among their SLS. */
  readonly targets: readonly TopTarget[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The targets of a top file that mean the host at hand. */
export function matchTargets(targets: readonly TopTarget[], matches: Matcher): MatchedTargets {
  const results = targets.map((target) => ({
    target,
    ...matches(target.matcher, target.expression, target.source),
  }));
  const diagnostics: Diagnostic[] = results.flatMap(({ target, diagnostics: found }) =>
    found.map((each) => atMatcher(each, target)),
  );
  const matched = results.flatMap(({ target, value }): TopTarget[] => {
    if (value !== true) return [];
    if (target.subfilters.length === 0) return [target];
    const inner = target.subfilters.map(({ at, target: each }) => {
      const found = matchTargets([each], matches);
      for (const diagnostic of found.diagnostics) diagnostics.push(diagnostic);
      return { at, sls: found.targets.flatMap((one) => one.sls) };
    });
    const sls: Wanted[] = [];
    for (let at = 0; at <= target.sls.length; at += 1) {
      for (const wanted of inner.filter((each) => each.at === at).flatMap((each) => each.sls))
        sls.push(wanted);
      for (const wanted of target.sls.slice(at, at + 1)) sls.push(wanted);
    }
    return [{ ...target, sls, subfilters: [] }];
  });
  return { targets: matched, diagnostics };
}

/** A matcher that is not known stands on a line of its own. */
function atMatcher(diagnostic: Diagnostic, { matcherSource }: TopTarget): Diagnostic {
  const about = diagnostic.summary.startsWith('the match type ');
  return about && matcherSource !== undefined ? { ...diagnostic, source: matcherSource } : diagnostic;
}
