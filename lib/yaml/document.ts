import type { SourceRange } from '../model/source.ts';

/** A text being read, and how offsets in it become places. */
export class Document {
  readonly text: string;
  readonly file: string;
  readonly #at: ((offset: number) => SourceRange) | undefined;
  #lineStarts: readonly number[] | undefined;

  constructor(text: string, file: string, at?: (offset: number) => SourceRange) {
    this.text = text;
    this.file = file;
    this.#at = at;
  }

  /** Where the text between two offsets stands; for text out of a template, where its first and last characters do. */
  range(start: number, end: number): SourceRange {
    if (this.#at !== undefined) {
      // Nothing wrote the end of the text: what is missing there stands behind the last character.
      const first = Math.max(0, Math.min(start, this.text.length - 1));
      return joinRanges(this.#at(first), end > start ? this.#at(end - 1) : undefined);
    }
    const line = this.#lineOf(start);
    const endLine = this.#lineOf(end);
    const place = { file: this.file, line: line + 1, column: start - this.#startOf(line) + 1 };
    const endColumn = end - this.#startOf(endLine) + 1;
    return line === endLine ? { ...place, endColumn } : { ...place, endLine: endLine + 1, endColumn };
  }

  /** The offset at which the line of this offset begins. */
  lineStart(offset: number): number {
    return this.#startOf(this.#lineOf(offset));
  }

  /** The text of the line this offset is on, without its break. */
  lineText(offset: number): string {
    const line = this.#lineOf(offset);
    const next = this.#starts()[line + 1] ?? this.text.length;
    return this.text.slice(this.#startOf(line), next).replace(/[\r\n]+$/, '');
  }

  #startOf(line: number): number {
    return this.#starts()[line] ?? 0;
  }

  #lineOf(offset: number): number {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Lines as an editor counts them: broken by LF, CR LF or CR. */
  #starts(): readonly number[] {
    if (this.#lineStarts !== undefined) return this.#lineStarts;
    const starts = [0];
    for (const match of this.text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
    this.#lineStarts = starts;
    return starts;
  }
}

function joinRanges(first: SourceRange, last: SourceRange | undefined): SourceRange {
  if (last?.file !== first.file) return first;
  const endLine = last.endLine ?? last.line;
  const endColumn = last.endColumn ?? last.column + 1;
  const isBehind = endLine > first.line || (endLine === first.line && endColumn > first.column);
  if (!isBehind) return first;
  const { file, line, column, via } = first;
  const ends = endLine === line ? { endColumn } : { endLine, endColumn };
  return via === undefined ? { file, line, column, ...ends } : { file, line, column, ...ends, via };
}
