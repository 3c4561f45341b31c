import { PatternError, RegexBudgetError, stepBudget } from '../regex/pattern-error.ts';
import { Regex } from '../regex/regex.ts';

/** A regular expression ready to be matched, or why it is none. */
type CompiledPattern =
  | { readonly regex: Regex; readonly problem?: undefined }
  | { readonly regex?: undefined; readonly problem: string };

/** Steps that one match may take: far more than a name of a host or a grain needs. */
const STEP_LIMIT = 1_000_000;

/** Compiles a regular expression of Python's `re`; what Python refuses is a problem, in its words. */
export function compilePcre(pattern: string): CompiledPattern {
  try {
    return { regex: new Regex(pattern) };
  } catch (error) {
    if (error instanceof PatternError) return { problem: error.message };
    throw error;
  }
}

/**
 * Whether Python's `re.match` would find the pattern at the start of the text; undefined when that takes too many steps
 * to know, so that neither the pattern nor its negation picks anything.
 */
export function matchPcre(regex: Regex, text: string): boolean | undefined {
  try {
    return regex.find(text, 'match', stepBudget(STEP_LIMIT)) !== undefined;
  } catch (error) {
    if (error instanceof RegexBudgetError) return undefined;
    throw error;
  }
}
