import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceRange } from '../model/source.ts';
import type { TopTarget } from './top.ts';

/** Whether a target expression of some matcher (`compound`, `grain` …) means the host at hand; the place is for mistakes in it. */
export type Matcher = (matcher: string, expression: string, source: SourceRange) => Checked<boolean>;

/** The targets of a top file that mean the host at hand, in order, and the mistakes in any of them. */
export function matchTargets(
  targets: readonly TopTarget[],
  matches: Matcher,
): { targets: readonly TopTarget[]; diagnostics: readonly Diagnostic[] } {
  const results = targets.map((target) => ({
    target,
    ...matches(target.matcher, target.expression, target.source),
  }));
  return {
    targets: results.filter((result) => result.value === true).map((result) => result.target),
    diagnostics: results.flatMap((result) => result.diagnostics),
  };
}
