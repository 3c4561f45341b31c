import { PatternError, RegexBudgetError, stepBudget } from '../../regex/pattern-error.ts';
import { Regex } from '../../regex/regex.ts';

/** Steps that a pattern may take on one name. */
const STEP_LIMIT = 1_000_000;

/**
 * Whether a name fits a pattern of Salt: a shell glob over the whole of it, or with `E@` a regular expression of Python's
 * from its start. A pattern that takes too long to tell fits: patterns say above all what is to be left alone.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  try {
    const { regex, anchor } = patternOf(pattern);
    return regex.find(name, anchor, stepBudget(STEP_LIMIT)) !== undefined;
  } catch (error) {
    if (error instanceof RegexBudgetError) return true;
    throw error;
  }
}

/** What is wrong with a pattern; undefined when it can be used. */
export function patternFault(pattern: string): string | undefined {
  try {
    patternOf(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

function patternOf(pattern: string): { readonly regex: Regex; readonly anchor: 'match' | 'fullmatch' } {
  return pattern.startsWith('E@')
    ? { regex: new Regex(pattern.slice(2)), anchor: 'match' }
    : { regex: new Regex(globSource(pattern), { dotAll: true }), anchor: 'fullmatch' };
}

/** Python's fnmatch: `*` and `?` also stand for a slash. */
function globSource(glob: string): string {
  return glob.replace(
    /\[(!?)([^\]]+)\]|[*?]|[.+^${}()|[\]\\/]/g,
    (found, not: string | undefined, set: string | undefined) => {
      if (found === '*') return '.*';
      if (found === '?') return '.';
      if (set === undefined) return `\\${found}`;
      return `[${not === '!' ? '^' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]`;
    },
  );
}
