import type { HostValue } from '../jinja/api.ts';
import type { Dict, Value } from '../model/value.ts';

/** Whether a value is a dict. */
export function isDict(value: HostValue | undefined): value is Dict {
  return value instanceof Map;
}

/** A dict of text keys, in the order given. */
export function dict(entries: Iterable<readonly [string, Value]>): Dict {
  return new Map<Value, Value>(entries);
}

/**
 * Walks `a:b:0` through dicts and lists as Salt does: a list is entered by index, or by a key of one of its dicts;
 * a key that looks like a number is also tried as one.
 * @returns undefined when nothing is there; null is something.
 */
export function traverse(data: Value, key: Value, delimiter = ':'): Value | undefined {
  let here: Value = data;
  for (const step of typeof key === 'string' ? key.split(delimiter) : [key]) {
    const next = enter(here, step);
    if (next === undefined) return undefined;
    here = next;
  }
  return here;
}

function enter(here: Value, step: Value): Value | undefined {
  if (Array.isArray(here)) return enterList(here, step);
  if (!isDict(here)) return undefined;
  const found = here.get(step);
  return found === undefined ? here.get(asNumber(step) ?? NOWHERE) : found;
}

/** No dict holds this very list as a key. */
const NOWHERE: Value = [];

function enterList(items: readonly Value[], step: Value): Value | undefined {
  const index = asNumber(step);
  for (const item of items) {
    const found = isDict(item) ? item.get(index ?? step) : undefined;
    if (found !== undefined) return found;
  }
  return index === undefined ? undefined : items.at(index);
}

function asNumber(step: Value): number | undefined {
  if (typeof step === 'number') return step;
  return typeof step === 'string' && /^-?\d+$/.test(step) ? Number(step) : undefined;
}
