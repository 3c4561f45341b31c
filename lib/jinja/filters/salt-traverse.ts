import { optionalText } from '../python/arguments.ts';
import { dictGet } from '../python/dict.ts';
import { canHash } from '../python/equality.ts';
import { indexError, itemOf } from '../python/access.ts';
import { typeError } from '../python/error.ts';
import { toList } from '../python/iterate.ts';
import { native } from '../python/native.ts';
import type { Native } from '../python/native.ts';
import { Undefined } from '../python/undefined.ts';
import { isInt, orElse, Tuple, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { Range } from '../python/views.ts';
import { parseFloatText, parseInteger } from './numbers.ts';

/** Salt's way through nested data by a path such as `a:b:0`. */
export const traverseFilters: readonly Native[] = [
  native(
    'traverse',
    'data key default= delimiter=',
    ([data = null, key = null, otherwise = null, delimiter]) => {
      let found: Val = data;
      for (const part of partsOf(key, optionalText(delimiter) ?? ':')) {
        const isList = Array.isArray(found) && !(found instanceof Tuple);
        const next = isList ? inList(found as readonly Val[], part) : inOther(found, part);
        if (next === undefined) return otherwise;
        found = next;
      }
      return found;
    },
  ),
];

function partsOf(key: Val, delimiter: string): readonly Val[] {
  if (typeof key === 'string') return key.split(delimiter);
  return isInt(key) || typeof key === 'boolean' ? [key] : toList(key);
}

/** The first dict in a list that has the key comes before the member at that index. */
function inList(list: readonly Val[], part: Val): Val | undefined {
  const index = typeof part === 'string' ? parseInteger(part, 10) : part;
  if (index !== undefined && !isInt(index) && typeof index !== 'boolean')
    typeError(
      `int() argument must be a string, a bytes-like object or a real number, not '${typeName(part)}'`,
    );
  const wanted = index === undefined ? part : index;
  for (const item of list) {
    const found = item instanceof Map ? dictGet(item, wanted) : undefined;
    if (found !== undefined) return found;
  }
  return index === undefined ? undefined : list.at(Number(index));
}

/** A dict's value; a key that it lacks is tried as YAML reads it, for keys that are numbers. */
function inOther(value: Val, part: Val): Val | undefined {
  if (value instanceof Undefined) value.fail();
  if (!(value instanceof Map)) return byIndex(value, part);
  if (!canHash(part)) return undefined;
  const found = dictGet(value, part);
  if (found !== undefined || typeof part !== 'string') return found;
  const loaded = readScalar(part);
  return loaded === part || !canHash(loaded) ? undefined : dictGet(value, loaded);
}

/** Texts, tuples and ranges have indices that are ints; everything else has nothing below it. */
function byIndex(value: Val, part: Val): Val | undefined {
  const hasIndices = typeof value === 'string' || Array.isArray(value) || value instanceof Range;
  if (!hasIndices || !(isInt(part) || typeof part === 'boolean')) return undefined;
  const found = itemOf(value, part);
  return found === undefined ? indexError(`${typeName(value)} index out of range`) : found;
}

const WORDS: ReadonlyMap<string, Val> = new Map<string, Val>([
  ...['true', 'True', 'TRUE', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['None', 'null', 'Null', 'NULL', '~'].map((word) => [word, null] as const),
]);

/** A plain scalar as Salt reads YAML: booleans, nulls, numbers in the forms that stand in for keys. */
function readScalar(text: string): Val {
  const word = WORDS.get(text.trim());
  if (word !== undefined) return word;
  const plain = text.trim();
  if (/^[-+]?(?:\d+|0x[\da-fA-F]+)$/.test(plain)) {
    const whole = parseInteger(plain, plain.includes('x') ? 16 : 10);
    return whole === undefined ? text : whole;
  }
  const isReal = /^[-+]?(?:\d+\.\d*(?:[eE][-+]\d+)?|\.\d+)$/.test(plain);
  return isReal ? orElse(parseFloatText(plain), () => text) : text;
}
