import type { Dict, Value } from '../model/value.ts';
import { matchGlob } from '../regex/glob.ts';
import { compilePcre, matchPcre } from './pcre.ts';

/** How the last part of an expression is compared: as a glob, a regular expression, or for being equal. */
export type Comparison = 'glob' | 'pcre' | 'exact';

/** An expression over grains or pillar: `os:Debian`, `roles:web*`. */
export interface DataQuery {
  readonly expression: string;
  readonly delimiter: string;
  readonly comparison: Comparison;
}

/** Whether grains match an expression such as `os:Debian`. */
export function matchGrain(grains: Dict, expression: string, delimiter = ':'): boolean {
  return matchData(grains, { expression, delimiter, comparison: 'glob' });
}

/** Whether a pillar matches an expression such as `role:web*`. */
export function matchPillar(pillar: Dict, expression: string, delimiter = ':'): boolean {
  return matchData(pillar, { expression, delimiter, comparison: 'glob' });
}

/**
 * Whether data hold what an expression says, as Salt's `subdict_match` has it: split at any delimiter, the longest
 * key first; both sides in lower case; of a list any element; `*` in place of a key means any, in place of the value
 * that the key is there.
 */
export function matchData(data: Dict, { expression, delimiter, comparison }: DataQuery): boolean {
  const parts = expression.split(delimiter);
  for (let split = parts.length - 1; split > 0; split--) {
    const key = parts.slice(0, split).join(delimiter);
    const isAny = key === '*';
    const found = isAny ? data : lookUp(data, parts.slice(0, split));
    if (found === undefined || (found instanceof Map && found.size === 0)) continue;
    const pattern = isAny ? expression : parts.slice(split).join(delimiter);
    if (matchFound(found, pattern, comparison)) return true;
  }
  return false;
}

function matchFound(found: Value, pattern: string, comparison: Comparison): boolean {
  if (found instanceof Map) return matchDict(found, pattern, comparison);
  if (!Array.isArray(found)) return matchValue(found, pattern, comparison);
  return found.some(
    (item) =>
      (item instanceof Map && matchDict(item, pattern, comparison)) || matchValue(item, pattern, comparison),
  );
}

function matchDict(dict: Dict, wanted: string, comparison: Comparison): boolean {
  const isAny = wanted.startsWith('*:');
  const pattern = isAny ? wanted.slice(2) : wanted;
  if (pattern === '*' || dict.has(pattern)) return true;
  if (matchData(dict, { expression: pattern, delimiter: ':', comparison })) return true;
  if (!isAny) return false;
  for (const value of dict.values()) {
    if (value instanceof Map) {
      if (matchDict(value, pattern, comparison)) return true;
    } else if (Array.isArray(value)) {
      if (value.some((item) => matchValue(item, pattern, comparison))) return true;
    } else if (matchValue(value, pattern, comparison)) return true;
  }
  return false;
}

function matchValue(value: Value, pattern: string, comparison: Comparison): boolean {
  const text = toText(value).toLowerCase();
  const wanted = pattern.toLowerCase();
  switch (comparison) {
    case 'exact':
      return text === wanted;
    case 'glob':
      return matchGlob(wanted, text);
    case 'pcre': {
      const { regex } = compilePcre(wanted);
      return regex !== undefined && matchPcre(regex, text) === true;
    }
  }
}

/** As Python's `str` prints scalars; lists and dicts, which Salt compares by their Python text, match nothing. */
function toText(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) || value instanceof Map) return '';
  return Number.isInteger(value.float) ? value.float.toFixed(1) : String(value.float);
}

/** Follows keys through dicts, indexes through lists, and keys through the dicts of a list. */
function lookUp(data: Dict, keys: readonly string[]): Value | undefined {
  let found: Value | undefined = data;
  for (const key of keys) {
    if (found instanceof Map) found = getKey(found, key);
    else if (Array.isArray(found)) {
      const inner: Value | undefined = found.find(
        (item) => item instanceof Map && getKey(item, key) !== undefined,
      );
      const index = /^-?[0-9]+$/.test(key) ? Number(key) : undefined;
      found = inner instanceof Map ? getKey(inner, key) : index === undefined ? undefined : found.at(index);
    } else return undefined;
  }
  return found;
}

/** Keys that YAML read as numbers are found by their text too. */
function getKey(dict: Dict, key: string): Value | undefined {
  if (dict.has(key)) return dict.get(key);
  return /^-?(?:0|[1-9][0-9]{0,14})$/.test(key) ? dict.get(Number(key)) : undefined;
}
