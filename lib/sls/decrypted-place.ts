import type { SourceRange } from '../model/source.ts';
import type { Replaced } from './decrypt.ts';

/** Finds an offset of a text in which messages were decrypted in the text as it was written; within a message, its start. */
export function writtenOffset(offset: number, replaced: readonly Replaced[]): number {
  let shift = 0;
  for (const { start, end, text } of replaced) {
    if (offset < start + shift) break;
    if (offset < start + shift + text.length) return start;
    shift += text.length - (end - start);
  }
  return offset - shift;
}

/** Where offsets of a text stand in its file. */
export function placesOf(text: string, file: string): (offset: number) => SourceRange {
  const starts = lineStarts(text);
  return (offset) => {
    const line = Math.max(
      0,
      starts.findLastIndex((start) => start <= offset),
    );
    return { file, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** Turns places in a decrypted text into places in the file; places in other files stay as they are. */
export function placesBefore(
  decrypted: string,
  written: string,
  file: string,
  replaced: readonly Replaced[],
): (place: SourceRange) => SourceRange {
  const starts = lineStarts(decrypted);
  const at = placesOf(written, file);
  const back = (place: SourceRange): SourceRange => {
    const via = place.via?.map(back);
    const found =
      place.file === file
        ? at(writtenOffset((starts[place.line - 1] ?? 0) + place.column - 1, replaced))
        : place;
    return via === undefined ? found : { ...found, via };
  };
  return back;
}

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
}
