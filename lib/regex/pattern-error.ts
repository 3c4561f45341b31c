/** A regular expression that Python's `re` refuses, in Python's words. */
export class PatternError extends Error {
  /** What is wrong, without the place. */
  readonly reason: string;
  /** Code points before the place; undefined where Python gives none. */
  readonly position: number | undefined;

  constructor(reason: string, pattern: readonly string[], position?: number) {
    super(position === undefined ? reason : `${reason} at position ${position}${lineOf(pattern, position)}`);
    this.reason = reason;
    this.position = position;
  }
}

function lineOf(pattern: readonly string[], position: number): string {
  if (!pattern.includes('\n')) return '';
  const before = pattern.slice(0, position);
  const line = before.filter((char) => char === '\n').length + 1;
  return ` (line ${line}, column ${position - before.lastIndexOf('\n')})`;
}

/** A match that was given up because it took too many steps. */
export class RegexBudgetError extends Error {
  constructor() {
    super('the regular expression takes too many steps on this text');
  }
}

/** Takes steps from whoever pays for a match; throws when nothing is left. */
export type Budget = (steps: number) => void;

/** A budget of so many steps. @throws RegexBudgetError when they are used up. */
export function stepBudget(steps: number): Budget {
  let left = steps;
  return (taken) => {
    left -= taken;
    if (left < 0) throw new RegexBudgetError();
  };
}
