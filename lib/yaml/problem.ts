import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceRange } from '../model/source.ts';

/** A mistake in words. */
export interface Problem {
  readonly summary: string;
  readonly why?: string;
  readonly fix?: string;
}

/** The diagnostic for a mistake at a place. */
export function complain(source: SourceRange, problem: Problem): Diagnostic {
  return { severity: 'error', code: 'SLAB2001', source, ...problem };
}
