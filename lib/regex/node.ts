import type { CharSet } from './char-set.ts';
import type { CaseFold } from './letter-case.ts';

/** Where something may stand that takes no characters. */
export type Position =
  | 'start'
  | 'lineStart'
  | 'end'
  | 'lineEnd'
  | 'textEnd'
  | 'boundary'
  | 'notBoundary'
  | 'asciiBoundary'
  | 'notAsciiBoundary';

/** How a repetition gives back: greedy, lazy, or never. */
export type RepeatMode = 'greedy' | 'lazy' | 'possessive';

/** One item of a parsed pattern. */
export type Node =
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'at'; readonly at: Position }
  | { readonly kind: 'group'; readonly index: number | null; readonly items: readonly Node[] }
  | {
      readonly kind: 'repeat';
      readonly min: number;
      readonly max: number;
      readonly mode: RepeatMode;
      readonly items: readonly Node[];
    }
  | { readonly kind: 'branch'; readonly branches: readonly (readonly Node[])[] }
  | {
      readonly kind: 'look';
      readonly behind: boolean;
      /** How far back it begins; known when all groups are. */
      width: number;
      readonly negated: boolean;
      readonly items: readonly Node[];
    }
  | { readonly kind: 'atomic'; readonly items: readonly Node[] }
  | { readonly kind: 'backreference'; readonly group: number; readonly fold: CaseFold }
  | {
      readonly kind: 'conditional';
      readonly group: number;
      readonly yes: readonly Node[];
      readonly no: readonly Node[];
    };

/** The fewest and the most characters that something takes. */
export type Width = readonly [number, number];

/** The width of a sequence; `groups` holds the widths of those closed so far. */
export function widthOf(items: readonly Node[], groups: readonly (Width | undefined)[]): Width {
  let low = 0;
  let high = 0;
  for (const item of items) {
    const [least, most] = widthOfOne(item, groups);
    low += least;
    high += most;
  }
  return [low, high];
}

function widthOfOne(node: Node, groups: readonly (Width | undefined)[]): Width {
  switch (node.kind) {
    case 'char':
    case 'set':
      return [1, 1];
    case 'at':
    case 'look':
      return [0, 0];
    case 'group':
    case 'atomic':
      return widthOf(node.items, groups);
    case 'repeat': {
      const [least, most] = widthOf(node.items, groups);
      return [least * node.min, most === 0 ? 0 : most * node.max];
    }
    case 'branch':
      return eitherOf(node.branches.map((branch) => widthOf(branch, groups)));
    case 'backreference':
      return groups[node.group] ?? [0, Infinity];
    case 'conditional':
      return eitherOf([widthOf(node.yes, groups), widthOf(node.no, groups)]);
  }
}

function eitherOf(widths: readonly Width[]): Width {
  return [Math.min(...widths.map(([least]) => least)), Math.max(...widths.map(([, most]) => most))];
}
