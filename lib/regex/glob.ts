/**
 * Whether a name matches a shell pattern as Python's `fnmatch.fnmatchcase` has it: `*`, `?`, `[abc]`, `[a-z]`,
 * `[!abc]`; an unclosed bracket is itself. Time grows with the product of both lengths at most.
 */
export function matchGlob(pattern: string, name: string): boolean {
  const parts = parseGlob(pattern);
  const chars = Array.from(name);
  let part = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < chars.length) {
    const test = parts[part];
    if (test === '*') {
      star = part++;
      starAt = at;
    } else if (test !== undefined && test(chars[at] ?? '')) {
      part++;
      at++;
    } else if (star >= 0) {
      // What the last star left over did not fit: let it take one more. Earlier stars need not be tried again.
      part = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (parts[part] === '*') part++;
  return part === parts.length;
}

/** Whether a text has anything a glob would read as more than itself. */
export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

type CharTest = (char: string) => boolean;

const cache = new Map<string, readonly ('*' | CharTest)[]>();
const MOST_CACHED = 500;

function parseGlob(pattern: string): readonly ('*' | CharTest)[] {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const chars = Array.from(pattern);
  const parts: ('*' | CharTest)[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at];
    if (char === '*') {
      if (parts.at(-1) !== '*') parts.push('*');
    } else if (char === '?') parts.push(() => true);
    else if (char === '[') {
      const end = findClosing(chars, at);
      if (end < 0) parts.push((other) => other === '[');
      else {
        parts.push(parseClass(chars.slice(at + 1, end)));
        at = end;
      }
    } else parts.push((other) => other === char);
  }
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(pattern, parts);
  return parts;
}

/** A bracket right behind `[` or `[!` belongs to the class. */
function findClosing(chars: readonly string[], open: number): number {
  const from = open + (chars[open + 1] === '!' ? 2 : 1);
  return chars.indexOf(']', chars[from] === ']' ? from + 1 : from);
}

function parseClass(chars: readonly string[]): CharTest {
  const isNegated = chars[0] === '!';
  const body = isNegated ? chars.slice(1) : chars;
  const singles = new Set<string>();
  const ranges: (readonly [number, number])[] = [];
  for (let at = 0; at < body.length; at++) {
    const [first = '', dash, last] = body.slice(at, at + 3);
    if (dash === '-' && last !== undefined) {
      ranges.push([first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0]);
      at += 2;
    } else singles.add(first);
  }
  return (char) => {
    const code = char.codePointAt(0) ?? 0;
    const isIn = singles.has(char) || ranges.some(([first, last]) => first <= code && code <= last);
    return isIn !== isNegated;
  };
}
