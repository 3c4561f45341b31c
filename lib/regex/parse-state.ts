import { CharSet } from './char-set.ts';
import type { Member } from './char-set.ts';
import type { CaseFold } from './letter-case.ts';
import type { Node, Width } from './node.ts';
import type { Scanner } from './scanner.ts';

/** Python's flags that change what a pattern means. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

/** The groups that a pattern has opened so far. */
export class Groups {
  /** Widths by index; undefined while a group is open. The whole match is group 0. */
  readonly widths: (Width | undefined)[] = [undefined];
  readonly names = new Map<string, number>();
  /** Groups that conditions name, with the place of the name. */
  readonly conditions = new Map<number, number>();
  /** How many groups there were when the outermost look-behind began. */
  behindFrom: number | undefined;

  get count(): number {
    return this.widths.length;
  }

  /** Whether a group is closed, so that it can be referred to. */
  isClosed(group: number): boolean {
    return group < this.count && this.widths[group] !== undefined;
  }

  /** Refuses references from a look-behind into itself. */
  checkBehind(group: number, scanner: Scanner): void {
    if (this.behindFrom === undefined) return;
    if (!this.isClosed(group)) throw scanner.error('cannot refer to an open group');
    if (group >= this.behindFrom)
      throw scanner.error('cannot refer to group defined in the same lookbehind subpattern');
  }
}

/** A look ahead or behind. */
export type Look = Extract<Node, { readonly kind: 'look' }>;

/** The rules of the grammar that call each other. */
export interface PatternParser {
  readonly scanner: Scanner;
  readonly groups: Groups;
  /** Looks behind, whose widths are computed when all groups are known. */
  readonly behind: Look[];
  /** The flags of the whole pattern; `(?i)` at its beginning adds to them. */
  global: Flags;
  /** `a|b|c` up to a closing parenthesis or the end. */
  alternatives(flags: Flags, depth: number): readonly Node[];
  /** Items up to a bar, a closing parenthesis or the end. */
  sequence(flags: Flags, depth: number): readonly Node[];
}

/** How these flags compare letters. */
export function foldOf(flags: Flags): CaseFold {
  if (!flags.ignoreCase) return 'none';
  return flags.ascii ? 'ascii' : 'unicode';
}

/** One character, as these flags compare it. */
export function charNode(code: number, flags: Flags): Node {
  const fold = foldOf(flags);
  return fold === 'none' ? { kind: 'char', code } : setNode([{ code }], false, flags);
}

/** A set of characters, as these flags compare them. */
export function setNode(members: readonly Member[], negated: boolean, flags: Flags): Node {
  return { kind: 'set', set: new CharSet(members, { negated, fold: foldOf(flags), ascii: flags.ascii }) };
}
