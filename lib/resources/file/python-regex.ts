/** A pattern of Python's `re`, translated; or why it cannot be. */
export type TranslatedPattern = { readonly regex: RegExp } | { readonly fault: string };

/** Flags that patterns of states have, by their names in Python. */
export interface PatternFlags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/**
 * Python's regular expressions over bytes, as Salt's edits use them, in JavaScript: `^`, `$`, `.`, `\s`, `\A`, `\Z` and
 * named groups mean what they mean there. Refused: inline flags other than at the start, atomic groups, possessive
 * quantifiers, conditions, verbose patterns.
 */
export function translatePattern(pattern: string, flags: PatternFlags): TranslatedPattern {
  const inline = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  const letters = inline?.[1] ?? '';
  if (letters.includes('x')) return { fault: 'verbose patterns (?x) are not supported' };
  const all: PatternFlags = {
    ignoreCase: flags.ignoreCase || letters.includes('i'),
    multiline: flags.multiline || letters.includes('m'),
    dotAll: flags.dotAll || letters.includes('s'),
  };
  try {
    const source = translate(pattern.slice(inline?.[0].length ?? 0), all);
    return { regex: new RegExp(source, all.ignoreCase ? 'giu' : 'gu') };
  } catch (error) {
    return { fault: (error as Error).message.replace(/^Invalid regular expression: .*: /s, '') };
  }
}

/** One piece of a pattern after the other; what none of them takes stands for itself. */
const PIECE =
  /\\(?:U[0-9a-fA-F]{8}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[1-9][0-9]?|[^])|\[\^?\]?(?:\\[^]|[^\]\\])*\]|\(\?P<\w+>|\(\?P=\w+\)|\(\?#[^)]*\)|\(\?(?:<?[=!]|:)|\(\?[^]?|[*+?]\+|\{\d*,?\d*\}\+?|[^]/gu;

function translate(pattern: string, flags: PatternFlags): string {
  return pattern.replace(PIECE, (piece) => {
    if (piece.startsWith('\\')) return escape(piece);
    if (piece.startsWith('[') && piece.length > 1) return characterClass(piece);
    if (piece.startsWith('(?')) return group(piece);
    if (piece.startsWith('{') && piece.length > 1) return repetition(piece);
    if (/^[*+?]\+$/.test(piece)) throw new Error(`the possessive quantifier ${piece} is not supported`);
    switch (piece) {
      case '.':
        return flags.dotAll ? '[^]' : '[^\\n]';
      case '^':
        return flags.multiline ? '(?<![^\\n])' : '(?<![^])';
      case '$':
        return flags.multiline ? '(?![^\\n])' : '(?=\\n?(?![^]))';
      case '{':
      case '}':
      case ']':
        return `\\${piece}`;
      case '[':
        throw new Error('a [ is not closed');
      default:
        return piece;
    }
  });
}

const SPACE = ' \\t\\n\\r\\f\\v';

function escape(piece: string, inClass = false): string {
  const letter = piece[1] ?? '';
  if (piece.length === 1) throw new Error('it ends in a backslash');
  if (letter === 'U') return `\\u{${piece.slice(2).replace(/^0+(?=.)/, '')}}`;
  if (/^\\(?:u....|x..|[1-9][0-9]?)$/.test(piece)) return piece;
  if (letter === 's') return inClass ? SPACE : `[${SPACE}]`;
  if (letter === 'S') return inClass ? '\\S' : `[^${SPACE}]`;
  if (letter === '0') return '\\x00';
  if (letter === 'a') return '\\x07';
  if (letter === 'A' && !inClass) return '(?<![^])';
  if (letter === 'Z' && !inClass) return '(?![^])';
  if (/[bBdDfnrtvwW]/.test(letter)) return piece;
  if (/[A-Za-z]/.test(letter)) throw new Error(`${piece} means nothing in a pattern`);
  if (/[\^$\\.*+?()[\]{}|/]/.test(letter)) return piece;
  return letter === '-' && inClass ? '\\-' : letter;
}

function characterClass(piece: string): string {
  const [, not = '', inside = ''] = /^\[(\^?)([^]*)\]$/.exec(piece) ?? [];
  let afterSet = false;
  const translated = inside.replace(/\\(?:U.{8}|u.{4}|x..|[^])|[^]/gu, (each) => {
    const wasSet = afterSet;
    afterSet = /^\\[dDwWsS]$/.test(each);
    if (each.startsWith('\\')) return escape(each, true);
    if (each === '-' && wasSet) return '\\-';
    return each === '[' || each === ']' ? `\\${each}` : each;
  });
  return `[${not}${translated}]`;
}

function group(piece: string): string {
  if (piece.startsWith('(?#')) return '';
  if (piece.startsWith('(?P<')) return `(?<${piece.slice(4)}`;
  if (piece.startsWith('(?P=')) return `\\k<${piece.slice(4, -1)}>`;
  if (/^\(\?(<?[=!]|:)$/.test(piece)) return piece;
  throw new Error(`the group ${piece} is not supported`);
}

function repetition(piece: string): string {
  if (piece.endsWith('+')) throw new Error(`the possessive quantifier ${piece} is not supported`);
  if (!/\d/.test(piece)) return piece.replace(/[{}]/g, '\\$&');
  return piece.replace('{,', '{0,');
}

/** A replacement of Python's `re.sub`: text and references to groups. */
export type Replacement = (match: RegExpExecArray) => string;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['f', '\f'],
  ['v', '\v'],
  ['a', '\x07'],
  ['b', '\b'],
  ['\\', '\\'],
]);

/** Translates `\1`, `\g<name>` and escapes; `literal` takes every backslash as itself. */
export function translateReplacement(
  text: string,
  literal: boolean,
): { readonly replacement: Replacement } | { readonly fault: string } {
  if (literal) return { replacement: () => text };
  const parts: (string | { readonly group: string })[] = [];
  for (const [piece] of text.matchAll(/\\g<[^>]*>|\\[1-9][0-9]?|\\[^]|\\$|[^\\]+/gu)) {
    if (!piece.startsWith('\\')) parts.push(piece);
    else if (piece.startsWith('\\g<')) parts.push({ group: piece.slice(3, -1) });
    else if (/^\\[1-9]/.test(piece)) parts.push({ group: piece.slice(1) });
    else if (piece === '\\0') parts.push('\0');
    else if (ESCAPES.has(piece.slice(1))) parts.push(ESCAPES.get(piece.slice(1)) ?? '');
    else if (piece === '\\' || /^\\[A-Za-z]$/.test(piece))
      return { fault: `${piece} means nothing in a replacement` };
    else parts.push(piece);
  }
  const replacement: Replacement = (match) =>
    parts.map((part) => (typeof part === 'string' ? part : (groupOf(match, part.group) ?? ''))).join('');
  return { replacement };
}

/** Groups that a replacement names and a pattern does not have; undefined when all is well. */
export function missingGroup(regex: RegExp, text: string): string | undefined {
  const empty = new RegExp(`${regex.source}|`, regex.flags).exec('');
  const named = [...text.matchAll(/\\g<([^>]*)>|\\([1-9][0-9]?)/g)].map(
    ([, name, number]) => name ?? number ?? '',
  );
  return named.find((name) =>
    /^\d+$/.test(name) ? Number(name) >= (empty?.length ?? 1) : !Object.hasOwn(empty?.groups ?? {}, name),
  );
}

function groupOf(match: RegExpExecArray, name: string): string | undefined {
  return /^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name];
}
