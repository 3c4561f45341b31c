import { typeError, valueError } from './error.ts';
import { checkLength, spend } from './meter.ts';
import { SPACE, stripEnd, stripStart } from './text.ts';
import { Undefined } from './undefined.ts';
import { typeName } from './value.ts';
import type { Val } from './value.ts';

const RUN = new RegExp(`[${SPACE}]+`);

/** Python's `str.split` and `str.rsplit`; without a separator it splits at runs of white space. */
export function splitText(
  text: string,
  separator: string | undefined,
  limit: number,
  from: 'left' | 'right',
): Val[] {
  if (separator === '') valueError('empty separator');
  spend(text.length >> 6);
  if (separator === undefined) return splitSpace(text, limit, from);
  const pieces = text.split(separator);
  if (limit < 0 || pieces.length - 1 <= limit) return pieces;
  if (from === 'left') return [...pieces.slice(0, limit), pieces.slice(limit).join(separator)];
  const kept = pieces.length - limit;
  return [pieces.slice(0, kept).join(separator), ...pieces.slice(kept)];
}

function splitSpace(text: string, limit: number, from: 'left' | 'right'): Val[] {
  const words = stripEnd(stripStart(text)).split(RUN);
  if (words.length === 1 && words[0] === '') return [];
  if (limit < 0 || words.length - 1 <= limit) return words;
  return from === 'left' ? firstWords(text, limit) : lastWords(text, limit);
}

function firstWords(text: string, limit: number): Val[] {
  const words: Val[] = [];
  let rest = stripStart(text);
  for (let i = 0; i < limit; i++) {
    const at = rest.search(RUN);
    words.push(rest.slice(0, at));
    rest = stripStart(rest.slice(at));
  }
  return [...words, rest];
}

function lastWords(text: string, limit: number): Val[] {
  const words: Val[] = [];
  let rest = stripEnd(text);
  const last = new RegExp(`[^${SPACE}]+$`);
  for (let i = 0; i < limit; i++) {
    const at = rest.search(last);
    words.unshift(rest.slice(at));
    rest = stripEnd(rest.slice(0, at));
  }
  return [rest, ...words];
}

const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** Python's `str.splitlines`. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const end of text.matchAll(LINE_END)) {
    lines.push(text.slice(start, keepEnds ? end.index + end[0].length : end.index));
    start = end.index + end[0].length;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

/** Python's `separator.join(items)`. */
export function joinText(separator: string, items: readonly Val[]): string {
  let length = 0;
  const texts: string[] = [];
  for (const [i, item] of items.entries()) {
    if (typeof item !== 'string') {
      if (item instanceof Undefined) item.fail();
      typeError(`sequence item ${i}: expected str instance, ${typeName(item)} found`);
    }
    texts.push(item);
    length += item.length + separator.length;
  }
  checkLength(length);
  return texts.join(separator);
}
