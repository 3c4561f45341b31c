import type { TextChange } from '../model/change.ts';
import type { Hunk, HunkLine } from '../model/report.ts';
import { diffLists } from './line-diff.ts';
import type { Edit } from './line-diff.ts';
import { diffWords } from './word-diff.ts';

/** Unchanged lines shown around a change. */
const CONTEXT = 3;

/**
 * The changed lines of a text with three lines around them; none when the contents are hidden or equal.
 *
 * Secrets: the old contents may hold an old secret that nobody knows any more. So where a hunk touches a tainted line, every
 * changed line in it is masked on both sides; and a removed line that sets the same key as a tainted line (`password = …`) is
 * masked in whichever hunk it is.
 * @param isTainted whether a line holds a secret.
 */
export function diffText(change: TextChange, isTainted: (line: string) => boolean): readonly Hunk[] {
  if (change.hidden) return [];
  const before = splitLines(change.before ?? '');
  const after = splitLines(change.after ?? '');
  const edits = diffLists(before.keys, after.keys);
  const taintedKeys = new Set(after.texts.filter((line) => isTainted(line)).map(settingOf));

  return hunkRanges(edits).map(([from, to]) => {
    const lines = emphasise(edits.slice(from, to).map((edit) => lineOf(edit, before, after)));
    const tainted = lines.map((line) => isTainted(line.text));
    const masked = tainted.includes(true);
    const first = edits[from];
    return {
      before: before.texts.length === 0 ? 0 : (first?.before ?? 0) + 1,
      after: after.texts.length === 0 ? 0 : (first?.after ?? 0) + 1,
      lines: lines.map((line, index) => {
        const changed = line.kind !== 'same';
        const oldSecret = line.kind === 'removed' && taintedKeys.has(settingOf(line.text));
        return tainted[index] || (masked && changed) || oldSecret ? mask(line) : line;
      }),
    };
  });
}

/** The lines of a text; a last line without line end has a key of its own, so that adding the end is a change. */
interface Lines {
  readonly texts: readonly string[];
  readonly keys: readonly string[];
  readonly unterminated: boolean;
}

function splitLines(text: string): Lines {
  const texts = text.split('\n');
  const unterminated = texts.at(-1) !== '';
  if (!unterminated) texts.pop();
  const keys = unterminated ? [...texts.slice(0, -1), `${texts.at(-1) ?? ''}\n`] : texts;
  return { texts, keys, unterminated };
}

function lineOf(edit: Edit, before: Lines, after: Lines): HunkLine {
  const side = edit.kind === 'removed' ? before : after;
  const index = edit.kind === 'removed' ? edit.before : edit.after;
  return {
    kind: edit.kind,
    text: side.texts[index] ?? '',
    ...(edit.kind === 'added' ? {} : { before: edit.before + 1 }),
    ...(edit.kind === 'removed' ? {} : { after: edit.after + 1 }),
    masked: false,
    emphasis: [],
    unterminated: side.unterminated && index === side.texts.length - 1,
  };
}

function mask(line: HunkLine): HunkLine {
  return { ...line, text: `‹masked, ${line.text.length} chars›`, masked: true, emphasis: [] };
}

/** Ranges [from, to) of edits: changes closer than twice the context share one. */
function hunkRanges(edits: readonly Edit[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  edits.forEach((edit, index) => {
    if (edit.kind === 'same') return;
    const from = Math.max(0, index - CONTEXT);
    const to = Math.min(edits.length, index + CONTEXT + 1);
    const last = ranges.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else ranges.push([from, to]);
  });
  return ranges;
}

/** Marks the words that differ where a run of removed lines is followed by as many added ones. */
function emphasise(lines: readonly HunkLine[]): readonly HunkLine[] {
  const marked = [...lines];
  for (let i = 0; i < lines.length; i++) {
    const removed = runLength(lines, i, 'removed');
    const added = runLength(lines, i + removed, 'added');
    if (removed > 0 && removed === added)
      for (let k = i; k < i + removed; k++) {
        const [old, fresh] = [lines[k], lines[k + removed]];
        if (!old || !fresh) continue;
        const words = diffWords(old.text, fresh.text);
        marked[k] = { ...old, emphasis: words.before };
        marked[k + removed] = { ...fresh, emphasis: words.after };
      }
    i += Math.max(removed + added - 1, 0);
  }
  return marked;
}

function runLength(lines: readonly HunkLine[], from: number, kind: HunkLine['kind']): number {
  let length = 0;
  while (lines[from + length]?.kind === kind) length++;
  return length;
}

/** What a line sets: its first word. */
function settingOf(line: string): string {
  return /[\w.-]+/.exec(line)?.[0].toLowerCase() ?? line;
}
