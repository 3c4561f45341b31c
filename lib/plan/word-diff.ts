import { diffLists } from './line-diff.ts';

/** UTF-16 spans [start, end) that differ. */
export type Spans = readonly (readonly [number, number])[];

/** Longer lines are compared by their common beginning and end only. */
const MOST_WORDS = 300;

/** Which words of a line and of its replacement differ; none at all when they have too little in common to compare. */
export function diffWords(before: string, after: string): { readonly before: Spans; readonly after: Spans } {
  const a = wordsOf(before);
  const b = wordsOf(after);
  if (a.length + b.length > MOST_WORDS) return { before: [], after: [] };
  const edits = diffLists(a, b);
  const kept = edits.filter((edit) => edit.kind === 'same' && a[edit.before]?.trim());
  const common = kept.reduce((sum, edit) => sum + (a[edit.before]?.length ?? 0), 0);
  if (common * 3 < Math.min(before.trim().length, after.trim().length)) return { before: [], after: [] };
  return {
    before: spansOf(a, new Set(edits.flatMap((edit) => (edit.kind === 'removed' ? [edit.before] : [])))),
    after: spansOf(b, new Set(edits.flatMap((edit) => (edit.kind === 'added' ? [edit.after] : [])))),
  };
}

function wordsOf(line: string): readonly string[] {
  return line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

function spansOf(words: readonly string[], differing: ReadonlySet<number>): Spans {
  const spans: [number, number][] = [];
  let at = 0;
  words.forEach((word, index) => {
    const last = spans.at(-1);
    if (differing.has(index)) {
      if (last?.[1] === at) last[1] = at + word.length;
      else spans.push([at, at + word.length]);
    }
    at += word.length;
  });
  return spans;
}
