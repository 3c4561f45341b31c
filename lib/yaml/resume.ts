import type { Flaw, FlawKind } from './flaw.ts';

/** Mistakes behind which it is unknown how far the text has been misread, or that are no mistakes of one block. */
const FINAL: ReadonlySet<FlawKind> = new Set([
  'character',
  'quote-open',
  'directive',
  'several-documents',
  'document-start',
  'too-deep',
  'alias-recursive',
  'alias-bomb',
]);

/** A key at the margin: where a block of the outermost mapping begins. */
const KEY = /^[^\s#\-?[\]{}%&*!|>@`].*:(?:\s|$)/gm;

/**
 * The text without the block of its outermost mapping in which a mistake stands, so that the rest can be read for
 * further ones: every other character keeps its offset. Undefined where that would tell mistakes that are none.
 */
export function withoutBlock(text: string, { kind, start, other }: Flaw): string | undefined {
  if (FINAL.has(kind)) return undefined;
  const at = kind.startsWith('flow-') ? (other ?? start) : start;
  let from = 0;
  let to = text.length;
  for (const { index } of text.matchAll(KEY)) {
    if (index <= at) from = index;
    else {
      to = index;
      break;
    }
  }
  const block = text.slice(from, to);
  // Aliases of what is left out would be unknown, and a file that was not rendered is one mistake.
  if (to === text.length || /(?:^|\s)&\w|\{[{%]/.test(block)) return undefined;
  return text.slice(0, from) + block.replace(/[^\n]/g, ' ') + text.slice(to);
}
