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

/** How far two texts of one file are equal from their beginning on. */
const alike = new WeakMap<SourceText, WeakMap<SourceText, number>>();

/** Whether two places are shown alike: they stand in one file, behind nothing that differs, and were come to alike. */
export function isSamePlace(
  [one, via]: readonly [Site | undefined, Via | null | undefined],
  [other, otherVia]: readonly [Site | undefined, Via | null | undefined],
): boolean {
  if (one !== other && (one === undefined || other === undefined || !isSameSite(one, other))) return false;
  if (via === otherVia || !via || !otherVia) return via === otherVia;
  return isSamePlace([via.site, via.outer], [otherVia.site, otherVia.outer]);
}

function isSameSite(one: Site, other: Site): boolean {
  return (
    one.start === other.start && one.end === other.end && one.end <= alikeUntil(one.source, other.source)
  );
}

function alikeUntil(one: SourceText, other: SourceText): number {
  if (one.file !== other.file) return -1;
  const known = alike.get(one)?.get(other);
  if (known !== undefined) return known;
  let end = one.text === other.text ? one.text.length : 0;
  while (end < one.text.length && one.text.charCodeAt(end) === other.text.charCodeAt(end)) end += 1;
  const ofOne = alike.get(one) ?? new WeakMap<SourceText, number>();
  alike.set(one, ofOne);
  ofOne.set(other, end);
  return end;
}
