import type { SourceRange } from '../model/source.ts';
import { escapeControl } from './escape.ts';
import type { Paint } from './paint.ts';
import { displayWidth } from './width.ts';

/** How much of a long line is shown around the caret. */
const WINDOW = 100;

/**
 * The written line with the one before it, and carets under the marked text. Empty when the file does not have that line.
 * @param beside a few words to stand right of the carets.
 */
export function excerptOf(text: string, source: SourceRange, paint: Paint, beside = ''): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  const line = lines[source.line - 1];
  if (line === undefined) return [];
  const start = Math.min(Math.max(source.column - 1, 0), line.length);
  const end = markedEnd(line, start, source);
  const from = line.length > WINDOW ? Math.max(0, start - WINDOW / 2) : 0;
  const lead = from > 0 ? '…' : '';

  const gutter = String(source.line).length + 1;
  const row = (number: string, content: string) =>
    `${paint.dim(`${number.padStart(gutter)} |`)} ${content}`.trimEnd();
  const caret = ' '.repeat(displayWidth(lead + show(line.slice(from, start))));
  const marks = '^'.repeat(Math.max(1, displayWidth(show(line.slice(start, end)))));
  const rows: string[] = [];
  const previous = lines[source.line - 2];
  if (previous?.trim()) rows.push(row(String(source.line - 1), clipEnd(show(previous))));
  rows.push(row(String(source.line), lead + clipEnd(show(line.slice(from)))));
  rows.push(row('', caret + paint.red(marks) + (beside ? ` ${beside}` : '')));
  return rows;
}

/** Where the carets end: as given, else with the word they begin at. */
function markedEnd(line: string, start: number, source: SourceRange): number {
  if (source.endLine !== undefined && source.endLine > source.line)
    return Math.max(line.trimEnd().length, start + 1);
  if (source.endColumn !== undefined && source.endColumn > source.column)
    return Math.min(source.endColumn - 1, Math.max(line.length, start + 1));
  const word = /^[\w.-]+/.exec(line.slice(start));
  return start + (word?.[0].length ?? 1);
}

function show(text: string): string {
  return escapeControl(text.replaceAll('\t', '    '));
}

function clipEnd(text: string): string {
  return text.length > WINDOW ? `${text.slice(0, WINDOW)}…` : text;
}
