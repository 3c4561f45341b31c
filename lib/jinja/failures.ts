import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** So often a rendering goes on after a failure. */
const MOST_FAILURES = 1000;

/** What was wrong in a rendering so far and did not keep the rest from being looked at. */
export class Failures {
  private readonly noted: Diagnostic[] = [];
  private count = 0;

  /** In the order in which they came; at each place the first. */
  get all(): readonly Diagnostic[] {
    return this.noted;
  }

  /** Whether a rendering with another failure would go on; one that fails without end has told enough. */
  mayGoOn(): boolean {
    return ++this.count <= MOST_FAILURES;
  }

  /** @returns whether that is new: a loop or a macro makes the same mistake again and again. */
  note(failure: Diagnostic): boolean {
    if (this.noted.some((known) => isSamePlace(known, failure))) return false;
    this.noted.push(failure);
    return true;
  }
}

function isSamePlace({ source: one }: Diagnostic, { source: other }: Diagnostic): boolean {
  return one?.file === other?.file && one?.line === other?.line && one?.column === other?.column;
}
