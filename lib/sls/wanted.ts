import type { SourceRange } from '../model/source.ts';

/** An SLS, or a glob of them, that a run asks for. */
export interface Wanted {
  readonly name: string;
  /** Where it is asked for: a line of the top file; undefined for the command line. */
  readonly source?: SourceRange;
  /** Of which saltenv; undefined: the one at hand. */
  readonly saltenv?: string;
}

/** A wanted SLS whose saltenv is settled. */
export interface WantedIn extends Wanted {
  readonly saltenv: string;
}
