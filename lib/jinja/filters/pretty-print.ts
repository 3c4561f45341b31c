import { pythonRepr } from '../python/repr.ts';
import { compareValues } from '../python/compare.ts';
import { PyError } from '../python/error.ts';
import { checkLength, spend, spendText } from '../python/meter.ts';
import { splitLines } from '../python/split.ts';
import { Tuple, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';

const WIDTH = 80;

/** A word and the white space behind it, as Python tells the two apart. */
const WORD = /[^\s\x1c-\x1f\x85]+[\s\x1c-\x1f\x85]*|[\s\x1c-\x1f\x85]+/g;

/** Python's `pprint.pformat`: dicts sorted; texts, lists and dicts broken over lines when they are longer than 80 columns. */
export function prettyPrint(value: Val): string {
  const flat = sortedRepr(value);
  if (typeof value !== 'string' || fits(flat, WIDTH)) return format(value, 0, 0);
  // A text that is no member of anything stands in parentheses when it is broken.
  const pieces = brokenText(value, 1, 1);
  return pieces.length === 1 ? flat : `(${pieces.join('\n ')})`;
}

function format(value: Val, indent: number, after: number): string {
  const flat = sortedRepr(value);
  spendText(flat.length);
  if (fits(flat, WIDTH - indent - after)) return flat;
  if (typeof value === 'string') return brokenText(value, indent, after).join(`\n${' '.repeat(indent)}`);
  if (value instanceof Map) {
    const entries = sortedEntries(value).map(([key, item], i, all) => {
      const shown = sortedRepr(key);
      const last = i === all.length - 1;
      return `${shown}: ${format(item, indent + 1 + shown.length + 2, last ? after + 1 : 1)}`;
    });
    return `{${entries.join(`,\n${' '.repeat(indent + 1)}`)}}`;
  }
  if (!Array.isArray(value)) return flat;
  const items = value.map((item, i) => format(item, indent + 1, i === value.length - 1 ? after + 1 : 1));
  const body = items.join(`,\n${' '.repeat(indent + 1)}`);
  return value instanceof Tuple ? `(${body}${items.length === 1 ? ',' : ''})` : `[${body}]`;
}

/** The literals that Python would join to the text: its lines, and of a long line as many words as have room. */
function brokenText(text: string, indent: number, after: number): readonly string[] {
  const room = WIDTH - indent;
  const lines = splitLines(text, true);
  return lines.flatMap((line, i) => {
    const end = i === lines.length - 1 ? after : 0;
    const whole = pythonRepr(line);
    if (fits(whole, room - end)) return [whole];
    const words = line.match(WORD) ?? [];
    const pieces: string[] = [];
    let current = '';
    for (const [j, word] of words.entries()) {
      const longer = current + word;
      spendText(longer.length);
      const full = !fits(pythonRepr(longer), room - (j === words.length - 1 ? end : 0));
      if (full && current !== '') pieces.push(pythonRepr(current));
      current = full ? word : longer;
    }
    return [...pieces, pythonRepr(current)];
  });
}

/** Whether a text has room in so many columns; a character beyond the first plane is one. */
function fits(text: string, columns: number): boolean {
  return text.length <= columns || (text.length <= 2 * columns && Array.from(text).length <= columns);
}

function sortedRepr(value: Val): string {
  spend(1);
  if (value instanceof Map)
    return `{${joined(sortedEntries(value), ([key, item]) => `${sortedRepr(key)}: ${sortedRepr(item)}`)}}`;
  if (!Array.isArray(value)) return pythonRepr(value);
  const items = joined(value, sortedRepr);
  if (!(value instanceof Tuple)) return `[${items}]`;
  return value.length === 1 ? `(${items},)` : `(${items})`;
}

/** What the items show, as long as that is no longer than a text may be. */
function joined<T>(items: readonly T[], show: (item: T) => string): string {
  let text = '';
  for (const [i, item] of items.entries()) {
    text += (i > 0 ? ', ' : '') + show(item);
    checkLength(text.length);
  }
  return text;
}

function sortedEntries(dict: ReadonlyMap<Val, Val>): (readonly [Val, Val])[] {
  const keys = [...dict.keys()].sort(compareKeys);
  spend(keys.length);
  return keys.map((key) => [key, dict.get(key) ?? null] as const);
}

/** As pprint does: what cannot be compared goes by the names of the types. */
function compareKeys(a: Val, b: Val): number {
  try {
    return compareValues(a, b);
  } catch (error) {
    if (!(error instanceof PyError)) throw error;
    const [left, right] = [typeName(a), typeName(b)];
    return left === right ? 0 : left < right ? -1 : 1;
  }
}
