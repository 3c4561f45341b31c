import { flagArgument, intArgument, optionalText, textArgument } from './arguments.ts';
import { itemOf, resolveSlice } from './access.ts';
import { typeError, valueError } from './error.ts';
import { toList } from './iterate.ts';
import { checkLength } from './meter.ts';
import { native } from './native.ts';
import type { Args, Native } from './native.ts';
import { formatText } from './str-format.ts';
import { capitalize, isCased, swapCase, titleCase } from './text-case.ts';
import { characterOf, codePoints, SPACE, textLength } from './text.ts';
import { Tuple, tuple, typeName } from './value.ts';
import type { Val } from './value.ts';
import { joinText, splitLines, splitText } from './split.ts';

/** Python's methods of str, by name. */
export const strMethods: ReadonlyMap<string, Native> = new Map(
  [
    method('split', 'sep= maxsplit=', (s, [sep, max]) =>
      splitText(s, optionalText(sep, 'sep'), intArgument(max, -1), 'left'),
    ),
    method('rsplit', 'sep= maxsplit=', (s, [sep, max]) =>
      splitText(s, optionalText(sep, 'sep'), intArgument(max, -1), 'right'),
    ),
    method('splitlines', 'keepends=', (s, [keep]) => splitLines(s, flagArgument(keep, false))),
    method('strip', 'chars=', (s, [chars]) => strip(s, chars, 'both')),
    method('lstrip', 'chars=', (s, [chars]) => strip(s, chars, 'start')),
    method('rstrip', 'chars=', (s, [chars]) => strip(s, chars, 'end')),
    method('startswith', 'prefix start= end=', (s, args) =>
      affix(s, args, (text, part) => text.startsWith(part), 'startswith'),
    ),
    method('endswith', 'suffix start= end=', (s, args) =>
      affix(s, args, (text, part) => text.endsWith(part), 'endswith'),
    ),
    method('replace', 'old new count=', (s, [old, by, count]) =>
      replaceText(
        s,
        textArgument(old, 'replace() argument 1'),
        textArgument(by, 'replace() argument 2'),
        intArgument(count, -1),
      ),
    ),
    method('join', 'iterable', (s, [items]) => joinText(s, toList(items ?? null))),
    method('format', '*args **kwargs', (s, [args, kwargs]) =>
      formatText(s, args as Val[], kwargs as Map<Val, Val>),
    ),
    method('format_map', 'mapping', (s, [mapping]) =>
      formatText(s, [], mapping instanceof Map ? mapping : typeError('format_map() wants a dict')),
    ),
    method('upper', '', (s) => s.toUpperCase()),
    method('lower', '', (s) => s.toLowerCase()),
    method('casefold', '', (s) => s.replaceAll('ß', 'ss').toLowerCase()),
    method('title', '', (s) => titleCase(s)),
    method('capitalize', '', (s) => capitalize(s)),
    method('swapcase', '', (s) => swapCase(s)),
    method('find', 'sub start= end=', (s, args) => find(s, args, 'first')),
    method('rfind', 'sub start= end=', (s, args) => find(s, args, 'last')),
    method('index', 'sub start= end=', (s, args) => found(find(s, args, 'first'))),
    method('rindex', 'sub start= end=', (s, args) => found(find(s, args, 'last'))),
    method('count', 'sub start= end=', (s, [sub, start, end]) =>
      count(part(s, start, end).text, textArgument(sub)),
    ),
    method('isdigit', '', (s) => /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]+$/u.test(s)),
    method('isdecimal', '', (s) => /^\p{Nd}+$/u.test(s)),
    method('isnumeric', '', (s) => /^\p{N}+$/u.test(s)),
    method('isalpha', '', (s) => /^\p{L}+$/u.test(s)),
    method('isalnum', '', (s) => /^[\p{L}\p{N}]+$/u.test(s)),
    method('isspace', '', (s) => new RegExp(`^[${SPACE}]+$`).test(s)),
    method('isidentifier', '', (s) => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(s)),
    method('islower', '', (s) => isCased(s) && s === s.toLowerCase()),
    method('isupper', '', (s) => isCased(s) && s === s.toUpperCase()),
    method('istitle', '', (s) => isCased(s) && s === titleCase(s)),
    method('isascii', '', (s) => !/[^\0-\x7f]/.test(s)),
    method('isprintable', '', (s) => !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(s)),
    method('zfill', 'width', (s, [width]) => zeroFill(s, intArgument(width, 0))),
    method('ljust', 'width fillchar=', (s, [width, fill]) => justify(s, width, fill, 'left')),
    method('rjust', 'width fillchar=', (s, [width, fill]) => justify(s, width, fill, 'right')),
    method('center', 'width fillchar=', (s, [width, fill]) => justify(s, width, fill, 'center')),
    method('partition', 'sep', (s, [sep]) => partition(s, textArgument(sep), 'first')),
    method('rpartition', 'sep', (s, [sep]) => partition(s, textArgument(sep), 'last')),
    method('removeprefix', 'prefix', (s, [prefix]) =>
      s.startsWith(textArgument(prefix)) ? s.slice(textArgument(prefix).length) : s,
    ),
    method('removesuffix', 'suffix', (s, [suffix]) =>
      s.endsWith(textArgument(suffix)) && suffix !== '' ? s.slice(0, -textArgument(suffix).length) : s,
    ),
    method('expandtabs', 'tabsize=', (s, [size]) => expandTabs(s, intArgument(size, 8))),
    method('translate', 'table', (s, [table = null]) => translate(s, table)),
    // A template that encodes wants the text itself; bytes do not exist here.
    method('encode', 'encoding= errors=', (s) => s),
  ].map((entry) => [entry.name, entry]),
);

function method(name: string, signature: string, run: (self: string, args: Args) => Val): Native {
  return native(name, `self ${signature}`, ([self, ...args]) => run(self as string, args));
}

function translate(text: string, table: Val): string {
  const pieces = codePoints(text).map((char) => {
    const by = itemOf(table, char.codePointAt(0) ?? 0);
    if (by === undefined) return char;
    if (by === null) return '';
    if (typeof by === 'number')
      return characterOf(by) ?? valueError('character mapping must be in range(0x110000)');
    return typeof by === 'string' ? by : typeError('character mapping must return integer, None or str');
  });
  checkLength(pieces.reduce((total, piece) => total + piece.length, 0));
  return pieces.join('');
}

function strip(text: string, chars: Val | undefined, side: 'both' | 'start' | 'end'): string {
  const wanted = optionalText(chars, 'strip arg');
  if (wanted === '') return text;
  const set = wanted === undefined ? SPACE : wanted.replace(/[\\\]^-]/g, '\\$&');
  let start = 0;
  let end = text.length;
  const one = new RegExp(`[${set}]`, 'u');
  const units = codePoints(text);
  end = units.length;
  if (side !== 'end') while (start < end && one.test(units[start] ?? '')) start++;
  if (side !== 'start') while (end > start && one.test(units[end - 1] ?? '')) end--;
  return start === 0 && end === units.length ? text : units.slice(start, end).join('');
}

function part(
  text: string,
  start: Val | undefined,
  end: Val | undefined,
): { text: string; from: number; over: boolean } {
  if (start === undefined && end === undefined) return { text, from: 0, over: false };
  const units = codePoints(text);
  const { start: from, count: length } = resolveSlice(
    { start: start ?? null, stop: end ?? null, step: null },
    units.length,
  );
  const over = typeof start === 'number' && start > units.length;
  return { text: units.slice(from, from + length).join(''), from, over };
}

function affix(
  text: string,
  [wanted, start, end]: Args,
  test: (text: string, part: string) => boolean,
  name: string,
): boolean {
  const inside = part(text, start, end);
  if (inside.over) return false;
  if (typeof wanted === 'string') return test(inside.text, wanted);
  if (wanted instanceof Tuple) return wanted.some((one) => test(inside.text, textArgument(one)));
  textLike(wanted ?? null, name);
}

function textLike(value: Val, name: string): never {
  typeError(`${name} first arg must be str or a tuple of str, not ${typeName(value)}`);
}

/** Python's `str.replace`. */
export function replaceText(text: string, old: string, by: string, limit: number): string {
  if (limit === 0) return text;
  const pieces = old === '' ? ['', ...codePoints(text), ''] : text.split(old);
  checkLength(text.length + (pieces.length - 1) * by.length);
  if (limit < 0 || pieces.length - 1 <= limit) return pieces.join(by);
  return [...pieces.slice(0, limit), pieces.slice(limit).join(old)].join(by);
}

function find(text: string, [sub, start, end]: Args, which: 'first' | 'last'): number {
  const wanted = textArgument(sub);
  const inside = part(text, start, end);
  if (inside.over) return -1;
  const at = which === 'first' ? inside.text.indexOf(wanted) : inside.text.lastIndexOf(wanted);
  return at < 0 ? -1 : inside.from + textLength(inside.text.slice(0, at));
}

function found(at: number): number {
  return at < 0 ? valueError('substring not found') : at;
}

function count(text: string, sub: string): number {
  return sub === '' ? textLength(text) + 1 : text.split(sub).length - 1;
}

function zeroFill(text: string, width: number): string {
  checkLength(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  const missing = width - textLength(text);
  return missing > 0 ? sign + '0'.repeat(missing) + text.slice(sign.length) : text;
}

function justify(
  text: string,
  width: Val | undefined,
  fill: Val | undefined,
  side: 'left' | 'right' | 'center',
): string {
  const char = fill === undefined ? ' ' : textArgument(fill, 'The fill character');
  if (textLength(char) !== 1) typeError('The fill character must be exactly one character long');
  return justified(text, { width: intArgument(width, 0), char, side });
}

/** Python's ljust, rjust and center. */
export function justified(
  text: string,
  how: { readonly width: number; readonly char: string; readonly side: 'left' | 'right' | 'center' },
): string {
  checkLength(how.width);
  const missing = how.width - textLength(text);
  if (missing <= 0) return text;
  if (how.side === 'left') return text + how.char.repeat(missing);
  if (how.side === 'right') return how.char.repeat(missing) + text;
  // CPython's rule for the odd one out: to the left when the width is odd.
  const left = Math.floor(missing / 2) + (missing & how.width & 1);
  return how.char.repeat(left) + text + how.char.repeat(missing - left);
}

function partition(text: string, sep: string, which: 'first' | 'last'): Tuple {
  if (sep === '') valueError('empty separator');
  const at = which === 'first' ? text.indexOf(sep) : text.lastIndexOf(sep);
  if (at < 0) return tuple(which === 'first' ? [text, '', ''] : ['', '', text]);
  return tuple([text.slice(0, at), sep, text.slice(at + sep.length)]);
}

function expandTabs(text: string, size: number): string {
  checkLength(text.split('\t').length * Math.max(0, size));
  let column = 0;
  return codePoints(text)
    .map((char) => {
      if (char === '\n' || char === '\r') column = 0;
      else if (char === '\t') {
        const spaces = size > 0 ? size - (column % size) : 0;
        column += spaces;
        return ' '.repeat(spaces);
      } else column++;
      return char;
    })
    .join('');
}
