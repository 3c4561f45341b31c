import { flagArgument, intArgument, optionalText, textArgument } from '../python/arguments.ts';
import { PyError, typeError, valueError } from '../python/error.ts';
import { iterOf, lengthOf, toList } from '../python/iterate.ts';
import { checkLength } from '../python/meter.ts';
import { native } from '../python/native.ts';
import type { Args, Native } from '../python/native.ts';
import { printf } from '../python/printf.ts';
import { pythonStr } from '../python/repr.ts';
import { splitLines } from '../python/split.ts';
import { justified, replaceText, strMethods } from '../python/str-methods.ts';
import { capitalize } from '../python/text-case.ts';
import { characterOf, codePoints, textLength } from '../python/text.ts';
import { Undefined } from '../python/undefined.ts';
import { typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { wrapText } from './word-wrap.ts';

/** Jinja's filters of texts. */
export const textFilters: readonly Native[] = [
  text('upper', '', (s) => s.toUpperCase()),
  text('lower', '', (s) => s.toLowerCase()),
  text('capitalize', '', (s) => capitalize(s)),
  text('title', '', (s) => titled(s)),
  text('string', '', (s) => s),
  text('safe', '', (s) => s),
  text('escape', '', (s) => escapeHtml(s)),
  text('e', '', (s) => escapeHtml(s)),
  text('forceescape', '', (s) => escapeHtml(s)),
  text('striptags', '', (s) => stripTags(s)),
  text('wordcount', '', (s) => s.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  text('center', 'width=', (s, [width]) =>
    justified(s, { width: intArgument(width, 80), char: ' ', side: 'center' }),
  ),
  text(
    'trim',
    'chars=',
    (s, [chars]) => strMethods.get('strip')?.invoke([s, chars ?? null], null, NOTHING) ?? s,
  ),
  text('replace', 'old new count=', (s, [old = '', by = '', count]) =>
    replaceText(
      s,
      pythonStr(old),
      pythonStr(by),
      count === undefined || count === null ? -1 : intArgument(count, -1),
    ),
  ),
  text('format', '*args **kwargs', (s, [args = null, kwargs = null]) => format(s, args, kwargs)),
  native('indent', 's width= first= blank=', indent),
  native('truncate', 's length= killwords= end= leeway=', truncate),
  native(
    'wordwrap',
    's width= break_long_words= wrapstring= break_on_hyphens=',
    ([s, width, long, by, hyphens]) =>
      wrapText(textArgument(s), {
        width: intArgument(width, 79),
        breakLong: flagArgument(long, true),
        newline: optionalText(by) ?? '\n',
        breakHyphens: flagArgument(hyphens, true),
      }),
  ),
  native('urlencode', 'value', ([value = null]) => urlEncode(value)),
  native('xmlattr', 'd autospace=', ([dict = null, space]) => xmlAttributes(dict, flagArgument(space, true))),
];

// Methods of str ask nothing of their environment.
const NOTHING = undefined as never;

function text(name: string, signature: string, run: (text: string, args: Args) => Val): Native {
  return native(name, `value ${signature}`, ([value = null, ...args]) => run(pythonStr(value), args));
}

function titled(value: string): string {
  return value
    .split(/([-\s({[<]+)/)
    .map((word) => {
      const [first = '', ...rest] = codePoints(word);
      return first.toUpperCase() + rest.join('').toLowerCase();
    })
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

/** Escapes a text for HTML, as Jinja's escape does. */
function escapeHtml(value: string): string {
  return value.replace(/[&<>'"]/g, (char) => ENTITIES[char] ?? char);
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\xa0',
};

/** Removes matches; nothing behind the last end mark is looked at, where each beginning would look for one in vain. */
function withoutUpTo(text: string, pattern: RegExp, end: string): string {
  const last = text.lastIndexOf(end) + end.length;
  return last < end.length ? text : text.slice(0, last).replace(pattern, '') + text.slice(last);
}

function stripTags(value: string): string {
  const plain = withoutUpTo(withoutUpTo(value, /<!--[\s\S]*?-->/g, '-->'), /<[^>]*>/g, '>');
  return plain
    .trim()
    .split(/\s+/)
    .join(' ')
    .replace(
      /&(?:#(\d+)|#[xX]([\da-fA-F]+)|(\w+));/g,
      (all, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
        if (decimal !== undefined) return characterOf(Number(decimal)) ?? '\ufffd';
        if (hex !== undefined) return characterOf(Number.parseInt(hex, 16)) ?? '\ufffd';
        return NAMED[name ?? ''] ?? all;
      },
    );
}

function format(value: string, args: Val, kwargs: Val): string {
  const named = kwargs instanceof Map && kwargs.size > 0;
  if (named && Array.isArray(args) && args.length > 0)
    throw new PyError(
      'FilterArgumentError',
      "can't handle positional and keyword arguments at the same time",
    );
  return printf(value, named ? kwargs : args);
}

function indent([value = null, width, first, blank]: Args): Val {
  if (value instanceof Undefined) value.fail();
  if (typeof value !== 'string')
    typeError(`unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`);
  const by =
    typeof width === 'string' ? width : ' '.repeat(Math.min(Math.max(0, intArgument(width, 4)), 10_000));
  const lines = splitLines(`${value}\n`);
  checkLength(value.length + by.length * lines.length);
  const all = flagArgument(blank, false);
  const shifted = lines.map((line, i) => (i === 0 || (line === '' && !all) ? line : by + line));
  return (flagArgument(first, false) ? by : '') + shifted.join('\n');
}

function truncate([value = null, lengthArgument, kill, endArgument, leewayArgument]: Args): Val {
  const length = intArgument(lengthArgument, 255);
  const end = optionalText(endArgument) ?? '...';
  const leeway = leewayArgument === undefined || leewayArgument === null ? 5 : intArgument(leewayArgument, 5);
  if (length < textLength(end))
    throw new PyError('ValueError', `expected length >= ${textLength(end)}, got ${length}`);
  const size = lengthOf(value) ?? typeError(`object of type '${typeName(value)}' has no len()`);
  if (size <= length + leeway) return value;
  const cut = codePoints(textArgument(value))
    .slice(0, length - textLength(end))
    .join('');
  if (flagArgument(kill, false)) return cut + end;
  const space = cut.lastIndexOf(' ');
  return (space < 0 ? cut : cut.slice(0, space)) + end;
}

function urlEncode(value: Val): string {
  if (typeof value === 'string' || iterOf(value) === undefined) return quoteUrl(pythonStr(value), '/');
  const entries: readonly Val[] = value instanceof Map ? [...value] : toList(value);
  return entries
    .map((entry) => {
      // One after the other: the first that is none is the mistake.
      const pair = toList(entry);
      if (pair.length !== 2) valueError('urlencode wants pairs of a key and a value');
      return pair.map((part) => quoteUrl(pythonStr(part), '').replaceAll('%20', '+')).join('=');
    })
    .join('&');
}

function quoteUrl(value: string, safe: string): string {
  const quoted = encodeURIComponent(value).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return safe === '/' ? quoted.replaceAll('%2F', '/') : quoted;
}

function xmlAttributes(value: Val, space: boolean): string {
  if (value instanceof Undefined) value.fail();
  if (!(value instanceof Map))
    throw new PyError('AttributeError', `'${typeName(value)}' object has no attribute 'items'`);
  const parts: string[] = [];
  for (const [key, item] of value) {
    if (item === null || item instanceof Undefined) continue;
    if (/[\s/>=]/.test(textArgument(key, 'key')))
      valueError(`Invalid character in attribute name: '${pythonStr(key)}'`);
    parts.push(`${escapeHtml(pythonStr(key))}="${escapeHtml(pythonStr(item))}"`);
  }
  return parts.length > 0 && space ? ` ${parts.join(' ')}` : parts.join(' ');
}
