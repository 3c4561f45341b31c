import { PatternError, RegexBudgetError } from '../regex/pattern-error.ts';
import type { Budget } from '../regex/pattern-error.ts';
import { Regex } from '../regex/regex.ts';
import { PyError, valueError } from './python/error.ts';
import { spend } from './python/meter.ts';
import { textArgument } from './python/arguments.ts';
import { isTruthy } from './python/truth.ts';
import type { Val } from './python/value.ts';

/** How a pattern is meant. */
export interface RegexOptions {
  readonly ignoreCase?: Val | undefined;
  readonly multiLine?: Val | undefined;
}

/** Steps of a match that cost a template one step, and the most that one use of a pattern may take. */
const STEPS_PER_STEP = 16;
const MATCH_LIMIT = 10_000_000;
const CACHE_SIZE = 500;

const cache = new Map<string, Regex>();

/** A regular expression of Python's `re`. @throws PyError ValueError for a pattern that Python refuses. */
export function compileRegex(pattern: Val, options: RegexOptions = {}): Regex {
  const source = textArgument(pattern, 'pattern');
  const ignoreCase = options.ignoreCase !== undefined && isTruthy(options.ignoreCase);
  const multiLine = options.multiLine !== undefined && isTruthy(options.multiLine);
  const key = `${ignoreCase ? 'i' : ''}${multiLine ? 'm' : ''}/${source}`;
  let regex = cache.get(key);
  if (regex === undefined) {
    spend(source.length);
    regex = inPython(source, () => new Regex(source, { ignoreCase, multiLine }));
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(key, regex);
  }
  return regex;
}

/** Uses a pattern; what it costs is taken from the rendering, and what goes wrong is Python's error. */
export function withRegex<T>(pattern: Val, use: (budget: Budget) => T): T {
  let taken = 0;
  const budget: Budget = (steps) => {
    taken += steps;
    spend(Math.ceil(steps / STEPS_PER_STEP));
    if (taken > MATCH_LIMIT) throw new RegexBudgetError();
  };
  return inPython(pattern, () => use(budget));
}

function inPython<T>(pattern: Val, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof PatternError)
      valueError(`the pattern ${shown(pattern)} is not valid: ${error.message}`);
    if (!(error instanceof RegexBudgetError)) throw error;
    throw new PyError(
      'RuntimeError',
      `the pattern ${shown(pattern)} takes too many steps: it tries ever more ways to match this text`,
      { fix: 'repetitions inside repetitions, such as `(a+)+`, do that: write them as one' },
    );
  }
}

function shown(pattern: Val): string {
  const text = typeof pattern === 'string' ? pattern : '';
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
