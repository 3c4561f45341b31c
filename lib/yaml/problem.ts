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

/** The mistakes in the values of a document, which do not keep the rest from being read. */
export class Problems {
  readonly all: Diagnostic[] = [];
  /** How many of them are keys that come twice. */
  repeats = 0;
}
