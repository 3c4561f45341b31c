import type { Node } from './node.ts';
import { widthOf } from './node.ts';
import { applyFlags, parseFlags, startsFlags } from './parse-flags.ts';
import { foldOf } from './parse-state.ts';
import type { Flags, Look, PatternParser } from './parse-state.ts';
import { isIdentifier, quoted } from './scanner.ts';

/** Where a group stands. */
interface Surroundings {
  readonly flags: Flags;
  readonly depth: number;
  /** Whether `(?i)` may stand here. */
  readonly mayBeGlobal: boolean;
}

/** A group, a look around, a condition, a comment or flags; the opening parenthesis has been taken. */
export function parseGroup(parser: PatternParser, items: Node[], around: Surroundings): void {
  const { scanner } = parser;
  const start = scanner.tell() - 1;
  if (!scanner.match('?')) {
    items.push(captured(parser, undefined, start, around));
    return;
  }
  const char = scanner.get();
  if (char === undefined) throw scanner.error('unexpected end of pattern');
  if (char === 'P') {
    items.push(pythonGroup(parser, start, around));
    return;
  }
  if (char === '#') {
    for (;;) {
      if (scanner.next === undefined)
        throw scanner.error('missing ), unterminated comment', scanner.tell() - start);
      if (scanner.get() === ')') return;
    }
  }
  if (char === '=' || char === '!') {
    const inside = inner(parser, start, around);
    items.push({ kind: 'look', behind: false, width: 0, negated: char === '!', items: inside });
    return;
  }
  if (char === '<') items.push(lookBehind(parser, start, around));
  else if (char === '(') items.push(condition(parser, start, around));
  else if (char === ':') items.push({ kind: 'group', index: null, items: inner(parser, start, around) });
  else if (char === '>') items.push({ kind: 'atomic', items: inner(parser, start, around) });
  else if (startsFlags(char)) flagGroup(parser, { items, char, start }, around);
  else throw scanner.error(`unknown extension ?${char}`, Array.from(char).length + 1);
}

/** What stands between the parentheses. */
function inner(parser: PatternParser, start: number, { flags, depth }: Surroundings): readonly Node[] {
  const items = parser.alternatives(flags, depth + 1);
  close(parser, start);
  return items;
}

function close({ scanner }: PatternParser, start: number): void {
  if (!scanner.match(')')) throw scanner.error('missing ), unterminated subpattern', scanner.tell() - start);
}

function captured(
  parser: PatternParser,
  name: string | undefined,
  start: number,
  around: Surroundings,
): Node {
  const { groups, scanner } = parser;
  const index = groups.count;
  groups.widths.push(undefined);
  if (name !== undefined) {
    const known = groups.names.get(name);
    if (known !== undefined)
      throw scanner.error(
        `redefinition of group name ${quoted(name)} as group ${index}; was group ${known}`,
        Array.from(name).length + 1,
      );
    groups.names.set(name, index);
  }
  const items = inner(parser, start, around);
  groups.widths[index] = widthOf(items, groups.widths);
  return { kind: 'group', index, items };
}

/** `(?P<name>…)` and `(?P=name)`. */
function pythonGroup(parser: PatternParser, start: number, around: Surroundings): Node {
  const { scanner, groups } = parser;
  if (scanner.match('<')) {
    const name = scanner.getUntil('>', 'group name');
    checkName(parser, name);
    return captured(parser, name, start, around);
  }
  if (scanner.match('=')) {
    const name = scanner.getUntil(')', 'group name');
    checkName(parser, name);
    const group = named(parser, name);
    if (!groups.isClosed(group))
      throw scanner.error('cannot refer to an open group', Array.from(name).length + 1);
    groups.checkBehind(group, scanner);
    return { kind: 'backreference', group, fold: foldOf(around.flags) };
  }
  const char = scanner.get();
  if (char === undefined) throw scanner.error('unexpected end of pattern');
  throw scanner.error(`unknown extension ?P${char}`, Array.from(char).length + 2);
}

function checkName({ scanner }: PatternParser, name: string): void {
  if (!isIdentifier(name))
    throw scanner.error(`bad character in group name ${quoted(name)}`, Array.from(name).length + 1);
}

function named({ scanner, groups }: PatternParser, name: string): number {
  const group = groups.names.get(name);
  if (group === undefined)
    throw scanner.error(`unknown group name ${quoted(name)}`, Array.from(name).length + 1);
  return group;
}

function lookBehind(parser: PatternParser, start: number, around: Surroundings): Node {
  const { scanner, groups } = parser;
  const char = scanner.get();
  if (char === undefined) throw scanner.error('unexpected end of pattern');
  if (char !== '=' && char !== '!')
    throw scanner.error(`unknown extension ?<${char}`, Array.from(char).length + 2);
  const outer = groups.behindFrom;
  groups.behindFrom ??= groups.count;
  const items = parser.alternatives(around.flags, around.depth + 1);
  groups.behindFrom = outer;
  close(parser, start);
  const look: Look = { kind: 'look', behind: true, width: 0, negated: char === '!', items };
  parser.behind.push(look);
  return look;
}

/** `(?(1)yes|no)`: what follows depends on whether a group has matched. */
function condition(parser: PatternParser, start: number, { flags, depth }: Surroundings): Node {
  const { scanner, groups } = parser;
  const name = scanner.getUntil(')', 'group name');
  const length = Array.from(name).length;
  let group: number;
  if (isIdentifier(name)) group = named(parser, name);
  else {
    if (!/^\s*\+?\d+(?:_\d+)*\s*$/.test(name))
      throw scanner.error(`bad character in group name ${quoted(name)}`, length + 1);
    group = Number(name.replaceAll('_', ''));
    if (group === 0) throw scanner.error('bad group number', length + 1);
    if (group >= 0x3fffffff) throw scanner.error(`invalid group reference ${group}`, length + 1);
    if (!groups.conditions.has(group)) groups.conditions.set(group, scanner.tell() - length - 1);
  }
  groups.checkBehind(group, scanner);
  const yes = parser.sequence(flags, depth + 1);
  let no: readonly Node[] = [];
  if (scanner.match('|')) {
    no = parser.sequence(flags, depth + 1);
    if (scanner.next === '|') throw scanner.error('conditional backref with more than two branches');
  }
  close(parser, start);
  return { kind: 'conditional', group, yes, no };
}

/** `(?i:…)`, and `(?i)` for the whole pattern. */
function flagGroup(
  parser: PatternParser,
  found: { readonly items: Node[]; readonly char: string; readonly start: number },
  around: Surroundings,
): void {
  const { scanner } = parser;
  const change = parseFlags(scanner, found.char);
  if (change.global) {
    if (!around.mayBeGlobal)
      throw scanner.error('global flags not at the start of the expression', scanner.tell() - found.start);
    parser.global = applyFlags(parser.global, change);
    return;
  }
  const flags = applyFlags(around.flags, change);
  found.items.push({ kind: 'group', index: null, items: inner(parser, found.start, { ...around, flags }) });
}
