import { escapeControl } from '../diagnostics/escape.ts';
import { plainPaint } from '../diagnostics/paint.ts';
import type { Paint } from '../diagnostics/paint.ts';
import { displayWidth } from '../diagnostics/width.ts';

/** How a screen is written. */
export interface Style {
  readonly paint: Paint;
  /** Columns for prose and tables, 60 to 120. */
  readonly width: number;
  /** Columns for file contents: all there are. */
  readonly fullWidth: number;
  /** Makes foreign text harmless, and ASCII where that is wanted. Everything that was not written by slab goes through it. */
  readonly show: (text: string) => string;
  readonly glyph: Readonly<Record<'dot' | 'arrow' | 'wrap' | 'more' | 'full' | 'empty' | 'space', string>>;
}

const UNICODE = { dot: '·', arrow: '→', wrap: '↵', more: '…', full: '━', empty: '─', space: '·' } as const;
const ASCII = { dot: '|', arrow: '->', wrap: '\\', more: '...', full: '#', empty: '-', space: '.' } as const;

const IN_ASCII = new Map([
  ['·', '|'],
  ['→', '->'],
  ['…', '...'],
  ['‹', '<'],
  ['›', '>'],
  ['•', '*'],
  ['–', '-'],
  ['×', 'x'],
]);

/** What a style is made of; a width that is not known is 100. */
export interface StyleOptions {
  readonly paint?: Paint;
  readonly columns?: number | undefined;
  readonly ascii?: boolean;
}

/** Makes a style for a stream. */
export function makeStyle({ paint = plainPaint, columns = 100, ascii = false }: StyleOptions = {}): Style {
  return {
    paint,
    width: Math.min(120, Math.max(60, columns)),
    fullWidth: Math.max(60, columns),
    show: ascii ? (text) => asAscii(escapeControl(text)) : (text) => escapeControl(text),
    glyph: ascii ? ASCII : UNICODE,
  };
}

function asAscii(text: string): string {
  return text.replace(/[^\u0000-\u007f]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return IN_ASCII.get(character) ?? (code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`);
  });
}

/** One line with a part at each end; the right part goes to a line of its own when both do not fit. */
export function spread(left: string, right: string, width: number): string {
  const gap = width - displayWidth(left) - displayWidth(right);
  if (right === '') return left;
  if (gap >= 2) return left + ' '.repeat(gap) + right;
  return `${left}\n${' '.repeat(Math.max(6, width - displayWidth(right)))}${right}`;
}

/** Breaks prose at spaces; every line but the first begins with `indent` spaces. A word that is too long stays whole. */
export function wrapProse(text: string, width: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = width - (lines.length > 0 ? indent : 0);
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** Parts of a line with a separator between, broken between parts only. */
export function joinParts(parts: readonly string[], separator: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(part);
    else if (displayWidth(last + separator + part) <= width)
      lines[lines.length - 1] = last + separator + part;
    else lines.push(`      ${part}`);
  }
  return lines;
}

/** `1 host`, `3 hosts`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** `0.4 s`, `4.1 s`, `48 s`, `3 m 12 s`, `1 h 5 m`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 19.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} m`;
}

/** `service:nginx` as people say it: `service nginx`. */
export function objectWords(object: string): string {
  return object.replace(':', ' ');
}

/** `16.0 TB`, as on the disk's label. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power] ?? ''}`;
}
