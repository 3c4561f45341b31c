import type { Category, Member } from './char-set.ts';
import type { Node, Position } from './node.ts';
import type { Scanner } from './scanner.ts';
import { charNode, foldOf, setNode } from './parse-state.ts';
import type { Flags, Groups } from './parse-state.ts';

const CONTROL: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };

/** The code that a control letter such as `\n` stands for. */
export function controlCode(letter: string): number | undefined {
  return Object.hasOwn(CONTROL, letter) ? CONTROL[letter] : undefined;
}

const HEX = /^[0-9a-fA-F]$/;
const OCTAL = /^[0-7]$/;
const LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function isCategory(letter: string): letter is Category {
  return 'dDsSwW'.includes(letter);
}

/** What a backslash stands for inside brackets. @param escape the backslash and the character behind it. */
export function classEscape(scanner: Scanner, escape: string): Member {
  const letter = escape.slice(1);
  const control = controlCode(letter);
  if (control !== undefined) return { code: control };
  if (isCategory(letter)) return { category: letter };
  const code = hexCode(scanner, escape);
  if (code !== undefined) return { code };
  if (OCTAL.test(letter)) {
    const all = escape + scanner.getWhile(2, OCTAL);
    return { code: octalCode(scanner, all) };
  }
  if (/^[0-9a-zA-Z]$/.test(letter)) throw scanner.error(`bad escape ${escape}`, escape.length);
  return { code: letter.codePointAt(0) ?? 0 };
}

/** What a backslash stands for outside brackets. */
export function escapeNode(scanner: Scanner, escape: string, flags: Flags, groups: Groups): Node {
  const letter = escape.slice(1);
  const at = positionOf(letter, flags);
  if (at !== undefined) return { kind: 'at', at };
  if (isCategory(letter)) return setNode([{ category: letter }], false, { ...flags, ignoreCase: false });
  const control = controlCode(letter);
  if (control !== undefined) return charNode(control, flags);
  const code = hexCode(scanner, escape);
  if (code !== undefined) return charNode(code, flags);
  if (letter === '0') return charNode(Number.parseInt(letter + scanner.getWhile(2, OCTAL), 8), flags);
  if (/^[1-9]$/.test(letter)) return numberNode(scanner, escape, flags, groups);
  if (/^[a-zA-Z]$/.test(letter)) throw scanner.error(`bad escape ${escape}`, escape.length);
  return charNode(letter.codePointAt(0) ?? 0, flags);
}

function positionOf(letter: string, { ascii }: Flags): Position | undefined {
  switch (letter) {
    case 'A':
      return 'start';
    case 'Z':
      return 'textEnd';
    case 'b':
      return ascii ? 'asciiBoundary' : 'boundary';
    case 'B':
      return ascii ? 'notAsciiBoundary' : 'notBoundary';
    default:
      return undefined;
  }
}

function hexCode(scanner: Scanner, escape: string): number | undefined {
  const letter = escape.slice(1);
  if (letter === 'N') {
    if (!scanner.match('{')) throw scanner.error('missing {');
    const name = scanner.getUntil('}', 'character name');
    // The names of characters are not on board.
    throw scanner.error(`undefined character name '${name}'`, Array.from(name).length + 4);
  }
  const length = Object.hasOwn(LENGTHS, letter) ? LENGTHS[letter] : undefined;
  if (length === undefined) return undefined;
  const all = escape + scanner.getWhile(length, HEX);
  if (all.length !== length + 2) throw scanner.error(`incomplete escape ${all}`, all.length);
  const code = Number.parseInt(all.slice(2), 16);
  if (code > 0x10ffff) throw scanner.error(`bad escape ${all}`, all.length);
  return code;
}

function octalCode(scanner: Scanner, escape: string): number {
  const code = Number.parseInt(escape.slice(1), 8);
  if (code > 0o377)
    throw scanner.error(`octal escape value ${escape} outside of range 0-0o377`, escape.length);
  return code;
}

/** A reference to a group, or an octal code of three digits. */
function numberNode(scanner: Scanner, escape: string, flags: Flags, groups: Groups): Node {
  let all = escape + scanner.getWhile(1, /^[0-9]$/);
  if (/^\\[0-7]{2}$/.test(all)) {
    all += scanner.getWhile(1, OCTAL);
    if (all.length === 4) return charNode(octalCode(scanner, all), flags);
  }
  const group = Number(all.slice(1));
  if (group >= groups.count) throw scanner.error(`invalid group reference ${group}`, all.length - 1);
  if (!groups.isClosed(group)) throw scanner.error('cannot refer to an open group', all.length);
  groups.checkBehind(group, scanner);
  return { kind: 'backreference', group, fold: foldOf(flags) };
}
