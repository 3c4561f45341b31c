import { valueError } from './python/error.ts';
import { textArgument } from './python/arguments.ts';
import { isTruthy } from './python/truth.ts';
import type { Val } from './python/value.ts';

/** How a pattern is meant. */
export interface RegexOptions {
  readonly ignoreCase?: Val | undefined;
  readonly multiLine?: Val | undefined;
  /** Where it may begin: only at the start, or anywhere. */
  readonly at?: 'start' | 'anywhere';
  readonly global?: boolean;
}

const cache = new Map<string, RegExp>();

/**
 * A JavaScript regular expression for one of Python's `re`. Python's own notations are translated: named groups,
 * `\A`, `\Z`, leading inline flags; white space and comments of `(?x)` are not supported.
 * @throws PyError ValueError for a pattern that cannot be compiled.
 */
export function compileRegex(pattern: Val, options: RegexOptions = {}): RegExp {
  const source = textArgument(pattern, 'pattern');
  let flags = options.at === 'start' ? 'y' : '';
  if (options.global === true) flags += 'g';
  if (options.ignoreCase !== undefined && isTruthy(options.ignoreCase)) flags += 'i';
  if (options.multiLine !== undefined && isTruthy(options.multiLine)) flags += 'm';
  const key = `${flags}/${source}`;
  let regex = cache.get(key);
  if (regex === undefined) {
    regex = translate(source, flags);
    if (cache.size > 500) cache.clear();
    cache.set(key, regex);
  }
  regex.lastIndex = 0;
  return regex;
}

function translate(source: string, flags: string): RegExp {
  let all = flags;
  let body = source.replace(/^\(\?([aimsu]+)\)/, (_, letters: string) => {
    for (const letter of letters) if ('ims'.includes(letter) && !all.includes(letter)) all += letter;
    return '';
  });
  body = body.replace(
    /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?P<|\(\?P=(\w+)\)|\$/g,
    (part, name: string | undefined) => {
      if (part === '\\A') return '(?<![\\s\\S])';
      if (part === '\\Z') return '(?![\\s\\S])';
      if (part === '(?P<') return '(?<';
      if (name !== undefined) return `\\k<${name}>`;
      // Python's $ also matches before a newline at the very end.
      if (part === '$') return all.includes('m') ? '$' : '(?=\\n?(?![\\s\\S]))';
      return part;
    },
  );
  try {
    return new RegExp(body, all);
  } catch (error) {
    valueError(`the pattern "${source}" is not valid: ${error instanceof Error ? error.message : ''}`);
  }
}

/** Python's replacement text (`\1`, `\g<name>`) applied to one match. */
export function expandReplacement(
  replacement: string,
  groups: readonly (string | undefined)[],
  named: Readonly<Record<string, string | undefined>>,
): string {
  return replacement.replace(
    /\\(?:g<(\w+)>|(\d{1,2})|([\s\S]))/g,
    (all, group: string | undefined, digit: string | undefined, char: string | undefined) => {
      if (digit !== undefined) return groups[Number(digit)] ?? '';
      if (group !== undefined) return (/^\d+$/.test(group) ? groups[Number(group)] : named[group]) ?? '';
      return char === 'n' ? '\n' : char === 't' ? '\t' : char === '\\' ? '\\' : all;
    },
  );
}
