import { displayWidth } from '../diagnostics/width.ts';
import type { Hunk, HunkLine } from '../model/report.ts';
import type { Style } from './style.ts';

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;

/** A shown character of a line; emphasised where the words differ. */
interface Cell {
  readonly text: string;
  readonly width: number;
  readonly strong: boolean;
}

/**
 * The lines of a diff with their numbers, never cut: a long one goes on in the next row after `↵`. Tabs are four spaces, and
 * `\t` where they are what differs; spaces at the end of a changed line are shown as dots.
 * @param limit how many lines are shown; the rest is counted.
 */
export function hunkRows(hunks: readonly Hunk[], style: Style, limit: number): readonly string[] {
  const all = hunks.flatMap((hunk) => hunk.lines);
  // Not as arguments: a file may have more lines than a call takes.
  const digits = all.reduce((most, line) => Math.max(most, String(numberOf(line)).length), 4);
  const rows: string[] = [];
  let left = limit;
  hunks.forEach((hunk, index) => {
    if (left <= 0) return;
    if (index > 0) rows.push(`${' '.repeat(6 + digits)}  ${style.paint.dim(style.glyph.more)}`);
    for (const line of hunk.lines.slice(0, left)) rows.push(...lineRows(line, digits, style));
    left -= hunk.lines.length;
  });
  if (all.length > limit)
    rows.push(
      `${' '.repeat(6 + digits)}  ${style.paint.dim(`${style.glyph.more} ${all.length - limit} more lines`)}`,
    );
  return rows;
}

function numberOf(line: HunkLine): number {
  return line.after ?? line.before ?? 0;
}

function lineRows(line: HunkLine, digits: number, style: Style): readonly string[] {
  const { paint } = style;
  const number = String(numberOf(line)).padStart(digits + 6);
  const room = Math.max(20, style.fullWidth - number.length - 5);
  const paintLine = { same: (text: string) => text, removed: paint.red, added: paint.green }[line.kind];
  const pieces = breakCells(cellsOf(line, style), room).map((cells) =>
    paintCells(cells, paintLine, paint.underline),
  );
  return pieces.map((piece, index) => {
    const head =
      index === 0 ? `${paint.dim(number)}  ${paintLine(SIGNS[line.kind])} ` : ' '.repeat(number.length + 4);
    const tail = index < pieces.length - 1 ? paint.dim(style.glyph.wrap) : endOf(line, style);
    return (head + piece + tail).trimEnd();
  });
}

/** A line without line end says so, for its change may be nothing else. */
function endOf(line: HunkLine, style: Style): string {
  return line.unterminated && line.kind !== 'same' ? style.paint.dim(' (no line end)') : '';
}

function cellsOf(line: HunkLine, style: Style): readonly Cell[] {
  const cells: Cell[] = [];
  const bodyLength = line.text.trimEnd().length;
  const changed = line.kind !== 'same';
  let at = 0;
  for (const character of line.text) {
    const strong = line.emphasis.some(([start, end]) => at >= start && at < end);
    const trailing = changed && at >= bodyLength;
    const text = showCharacter(character, strong || trailing, trailing, style);
    cells.push({ text, width: displayWidth(text), strong });
    at += character.length;
  }
  return cells;
}

function showCharacter(character: string, visible: boolean, trailing: boolean, style: Style): string {
  if (character === '\t' && !visible) return '    ';
  if (character === ' ' && trailing) return style.glyph.space;
  return style.show(character);
}

function breakCells(cells: readonly Cell[], room: number): readonly (readonly Cell[])[] {
  const rows: Cell[][] = [[]];
  let used = 0;
  for (const cell of cells) {
    if (used + cell.width > room && used > 0) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(cell);
    used += cell.width;
  }
  return rows;
}

/** Paints runs of cells, not each one: half as much to write. */
function paintCells(
  cells: readonly Cell[],
  line: (text: string) => string,
  strong: (text: string) => string,
): string {
  let painted = '';
  for (let i = 0; i < cells.length;) {
    const isStrong = cells[i]?.strong ?? false;
    let run = '';
    for (; i < cells.length && cells[i]?.strong === isStrong; i++) run += cells[i]?.text ?? '';
    painted += line(isStrong ? strong(run) : run);
  }
  return painted;
}
