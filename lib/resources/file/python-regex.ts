import { PatternError, stepBudget, type Budget } from '../../regex/pattern-error.ts';
import { Regex } from '../../regex/regex.ts';
import { parseTemplate } from '../../regex/template.ts';

/** A pattern of Python's `re`; or what is wrong with it, in Python's words. */
export type CompiledPattern = { readonly regex: Regex } | { readonly fault: string };

/** Flags that patterns of states have, by their names in Python. */
export interface PatternFlags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** The flags of patterns that are looked for line by line. */
export const LINE_PATTERN: PatternFlags = { ignoreCase: false, multiline: true, dotAll: false };

/** Steps that the patterns of one edit may take on one file: far more than any honest pattern needs. */
const STEP_LIMIT = 20_000_000;

/** Who pays for the patterns of one edit. */
export function editBudget(): Budget {
  return stepBudget(STEP_LIMIT);
}

/** Compiles a pattern as Salt's edits do, which are over bytes: letters, digits and spaces are those of ASCII. */
export function compilePattern(pattern: string, flags: PatternFlags): CompiledPattern {
  const { ignoreCase, multiline, dotAll } = flags;
  return inPythonsWords(() => ({
    regex: new Regex(pattern, { ignoreCase, multiLine: multiline, dotAll, ascii: true }),
  }));
}

/** A replacement for `Regex.replace`; `literal` takes every backslash as itself. */
export function readReplacement(
  text: string,
  literal: boolean,
  regex: Regex,
): { readonly replacement: string } | { readonly fault: string } {
  const replacement = literal ? text.replaceAll('\\', '\\\\') : text;
  return inPythonsWords(() => {
    parseTemplate(replacement, regex);
    return { replacement };
  });
}

function inPythonsWords<T>(read: () => T): T | { readonly fault: string } {
  try {
    return read();
  } catch (error) {
    if (error instanceof PatternError) return { fault: error.message };
    throw error;
  }
}
