import type { SourceRange } from '../model/source.ts';
import type { TemplateSource } from './api.ts';

/** A template's text with its lines; offsets into it become lines and columns only when someone asks. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  private starts: number[] | undefined;

  constructor(source: TemplateSource) {
    this.file = source.file;
    this.text = source.text.replace(/\r\n?/g, '\n');
  }

  /** Line and column, both from 1. */
  position(offset: number): { line: number; column: number } {
    const starts = (this.starts ??= lineStarts(this.text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** A stretch of a template: a token, an expression, a piece of literal text. */
export class Site {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;

  constructor(source: SourceText, start: number, end: number) {
    this.source = source;
    this.start = start;
    this.end = end;
  }

  /** The place in a file. */
  range(via: Via | null = null): SourceRange {
    const from = this.source.position(this.start);
    const to = this.source.position(this.end);
    return {
      file: this.source.file,
      line: from.line,
      column: from.column,
      ...(to.line === from.line ? {} : { endLine: to.line }),
      endColumn: to.column,
      ...chain(via),
    };
  }

  /** The place of one character, so many after the start. */
  point(via: Via | null, skip: number): SourceRange {
    return { file: this.source.file, ...this.source.position(this.start + skip), ...chain(via) };
  }
}

function chain(via: Via | null): { via?: readonly SourceRange[] } {
  const links: SourceRange[] = [];
  for (let link = via; link !== null; link = link.outer) links.push(link.site.range());
  return links.length === 0 ? {} : { via: links };
}

/** How the rendering came to where it is: one link for each call, include and import in progress. */
export interface Via {
  readonly site: Site;
  readonly outer: Via | null;
}
