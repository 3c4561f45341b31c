import type { SourceRange } from '../model/source.ts';

/** A place as an editor understands it: `states/web.sls:8:5`. */
export function writePlace(source: SourceRange): string {
  return `${source.file}:${source.line}:${source.column}`;
}

/** The same without the column, for screens where the line is enough. */
export function writeLine(source: SourceRange): string {
  return `${source.file}:${source.line}`;
}

/** Order of places: file, line, column; nowhere comes last. */
export function comparePlaces(a: SourceRange | undefined, b: SourceRange | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** A place without the way to it, member by member: it may be an object that works them out when asked. */
export function plainPlace({ file, line, column, endLine, endColumn }: SourceRange): SourceRange {
  return {
    file,
    line,
    column,
    ...(endLine === undefined ? {} : { endLine }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
}
