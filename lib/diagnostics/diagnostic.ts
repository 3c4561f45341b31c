import type { SourceRange } from '../model/source.ts';
import type { Code } from './codes.ts';

/** Something a person wrote and has to mend, or should know. A value: collected, sorted, shown all at once. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: Code;
  /** What is wrong, in the user's words; one line, no full stop. */
  readonly summary: string;
  readonly source?: SourceRange;
  /** Other places that matter: the second owner, each state on a cycle. */
  readonly related?: readonly { readonly source: SourceRange; readonly message: string }[];
  /** One fact that explains it. */
  readonly why?: string;
  /** Something to type or to edit. */
  readonly fix?: string;
  /** The hosts it concerns; undefined means all or none in particular. */
  readonly hosts?: readonly string[];
}

/** A value and what was found on the way; the value is absent exactly when there was an error. */
export interface Checked<T> {
  readonly value?: T;
  readonly diagnostics: readonly Diagnostic[];
}
