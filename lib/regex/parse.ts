import type { Node } from './node.ts';
import { widthOf } from './node.ts';
import { parseClass } from './parse-class.ts';
import { escapeNode } from './parse-escape.ts';
import { parseGroup } from './parse-group.ts';
import { parseRepeat } from './parse-repeat.ts';
import { charNode, Groups, setNode } from './parse-state.ts';
import type { Flags, Look, PatternParser } from './parse-state.ts';
import { PatternError } from './pattern-error.ts';
import { Scanner } from './scanner.ts';

/** A parsed pattern. */
interface Parsed {
  readonly items: readonly Node[];
  readonly groups: Groups;
}

/** Groups may stand in one another so deep; Python's own recursion ends in the same region. */
const DEPTH_LIMIT = 150;

/** Reads a pattern of Python's `re`. @throws PatternError in Python's words. */
export function parsePattern(pattern: string, flags: Flags): Parsed {
  const parser = new Parser(pattern, flags);
  const items = parser.alternatives(flags, 0);
  parser.finish();
  return { items, groups: parser.groups };
}

class Parser implements PatternParser {
  readonly scanner: Scanner;
  readonly groups = new Groups();
  readonly behind: Look[] = [];
  global: Flags;

  constructor(pattern: string, flags: Flags) {
    this.scanner = new Scanner(pattern);
    this.global = flags;
  }

  alternatives(flags: Flags, depth: number): readonly Node[] {
    if (depth > DEPTH_LIMIT) throw this.scanner.error('the pattern nests too deeply');
    const branches: (readonly Node[])[] = [];
    do {
      branches.push(this.sequence(depth === 0 ? this.global : flags, depth, branches.length === 0));
    } while (this.scanner.match('|'));
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : [{ kind: 'branch', branches }];
  }

  sequence(given: Flags, depth: number, isFirst = false): readonly Node[] {
    const { scanner } = this;
    const items: Node[] = [];
    let flags = given;
    for (;;) {
      const unit = scanner.next;
      if (unit === undefined || unit === '|' || unit === ')') return items;
      scanner.get();
      if (flags.verbose && this.skipped(unit)) continue;
      switch (unit) {
        case '[':
          items.push(parseClass(scanner, flags));
          break;
        case '.':
          items.push(setNode(flags.dotAll ? [] : [{ code: 10 }], true, { ...flags, ignoreCase: false }));
          break;
        case '^':
          items.push({ kind: 'at', at: flags.multiLine ? 'lineStart' : 'start' });
          break;
        case '$':
          items.push({ kind: 'at', at: flags.multiLine ? 'lineEnd' : 'end' });
          break;
        case '*':
        case '+':
        case '?':
        case '{':
          parseRepeat(scanner, unit, items, flags);
          break;
        case '(':
          parseGroup(this, items, {
            flags,
            depth,
            mayBeGlobal: depth === 0 && isFirst && items.length === 0,
          });
          if (depth === 0 && isFirst) flags = this.global;
          break;
        default:
          items.push(
            unit.startsWith('\\')
              ? escapeNode(scanner, unit, flags, this.groups)
              : charNode(unit.codePointAt(0) ?? 0, flags),
          );
      }
    }
  }

  /** Passes over what a verbose pattern ignores. */
  private skipped(unit: string): boolean {
    if (/^[ \t\n\r\v\f]$/.test(unit)) return true;
    if (unit !== '#') return false;
    let next: string | undefined;
    do next = this.scanner.get();
    while (next !== undefined && next !== '\n');
    return true;
  }

  /** Checks what only the end of the pattern shows. */
  finish(): void {
    const { scanner, groups } = this;
    if (scanner.next !== undefined) throw scanner.error('unbalanced parenthesis');
    for (const [group, at] of groups.conditions)
      if (group >= groups.count)
        throw new PatternError(`invalid group reference ${group}`, scanner.chars, at);
    for (const look of this.behind) {
      const [least, most] = widthOf(look.items, groups.widths);
      if (least !== most) throw new PatternError('look-behind requires fixed-width pattern', []);
      look.width = least;
    }
  }
}
