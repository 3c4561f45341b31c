import { attributeOf } from '../python/attributes.ts';
import { flagArgument, textArgument } from '../python/arguments.ts';
import { indexError } from '../python/access.ts';
import { PyError, typeError } from '../python/error.ts';
import { toList } from '../python/iterate.ts';
import { native } from '../python/native.ts';
import type { Native } from '../python/native.ts';
import { pythonRepr } from '../python/repr.ts';
import { codePoints, SPACE } from '../python/text.ts';
import { capitalize } from '../python/text-case.ts';
import { isTruthy } from '../python/truth.ts';
import { typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';

/** Salt's filters of texts. */
export const saltTextFilters: readonly Native[] = [
  native('quote', 'txt', ([value = null]) => (isTruthy(value) ? shellQuote(textArgument(value)) : "''")),
  native('contains_whitespace', 'text', ([value = null]) =>
    toList(value).some((item) => {
      if (typeof item === 'string') return ALL_SPACE.test(item);
      throw new PyError('AttributeError', `'${typeName(item)}' object has no attribute 'isspace'`);
    }),
  ),
  native('path_join', '*parts **keywords', ([parts = null, keywords]) => {
    for (const name of keywords instanceof Map ? keywords.keys() : [])
      if (name !== 'use_posixpath')
        typeError(`path_join() got an unexpected keyword argument ${pythonRepr(name)}`);
    return joinPath(toList(parts).map((part) => textArgument(part, 'every part of a path')));
  }),
  native('to_snake_case', 'camel_input', ([value]) => snakeCase(textArgument(value))),
  native('to_camelcase', 'snake_input uppercamel=', ([value, upper]) => {
    const [first = '', ...rest] = textArgument(value).split('_');
    return [flagArgument(upper, false) ? capitalize(first) : first, ...rest.map(capitalize)].join('');
  }),
  native(
    'method_call',
    'obj f_name *f_args **f_kwargs',
    ([object = null, name, args, named], environment) => {
      const method = attributeOf(object, textArgument(name, 'attribute name'));
      if (method === undefined) return null;
      return environment.call(method, Array.isArray(args) ? Array.from(args) : [], keywordsOf(named));
    },
  ),
  native('skip', 'data', () => ''),
];

const ALL_SPACE = new RegExp(`^[${SPACE}]+$`);

function keywordsOf(named: Val | undefined): ReadonlyMap<string, Val> | null {
  if (!(named instanceof Map) || named.size === 0) return null;
  return new Map([...named].map(([key, item]) => [textArgument(key), item]));
}

/** Python's `shlex.quote`. */
function shellQuote(text: string): string {
  return /[^\w@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}

/** Python's `posixpath.join` of parts that were each made normal; later absolute parts do not start anew. */
function joinPath(parts: readonly string[]): string {
  const [root, ...rest] = parts.map((part) => normalPath(part));
  if (root === undefined) return '';
  const joined = rest.reduce((path, part) => {
    const below = part.replace(/^\/+/, '');
    return path.endsWith('/') ? path + below : `${path}/${below}`;
  }, root);
  return normalPath(joined);
}

/** Python's `posixpath.normpath`: two slashes at the beginning are kept, one or three are one. */
function normalPath(path: string): string {
  const root = /^\/\/(?!\/)/.test(path) ? '//' : path.startsWith('/') ? '/' : '';
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (root === '' && (kept.length === 0 || kept.at(-1) === '..'))) kept.push(part);
    else kept.pop();
  }
  return root + kept.join('/') || '.';
}

/** Salt puts a `_` before an upper letter that follows a lower one or is followed by one. */
function snakeCase(text: string): string {
  const chars = codePoints(text);
  const [first = indexError('string index out of range')] = chars;
  return chars.slice(1).reduce((made, char, i) => {
    const isWordStart = isUpper(char) && (isLower(chars[i] ?? '') || isLower(chars[i + 2] ?? ''));
    return made + (isWordStart ? '_' : '') + char.toLowerCase();
  }, first.toLowerCase());
}

function isUpper(char: string): boolean {
  return /\p{Lu}/u.test(char);
}

function isLower(char: string): boolean {
  return /\p{Ll}/u.test(char);
}
