import type { HostFunction } from '../../jinja/api.ts';
import { noteChange } from '../../jinja/python/change.ts';
import type { Dict, Grains, Value } from '../../model/value.ts';
import { isDeepStrictEqual } from 'node:util';
import { matchGlob } from '../../regex/glob.ts';
import { deepCopy, updateDict } from '../merge.ts';
import { printScalar } from '../print-scalar.ts';
import { isDict, traverse } from '../traverse.ts';
import type { Given } from './define.ts';
import { isTrue } from './data.ts';
import { define } from './define.ts';
import { ITEM_PARAMETERS, itemsOf } from './items.ts';

/** `grains.*` over the facts of a host. */
export function grainsFunctions(grains: Grains): (readonly [string, HostFunction])[] {
  return [
    define('grains.get', ['key', 'default?', 'delimiter?', 'ordered?'], (given) => {
      const found = traverse(grains, given.value('key') ?? '', given.text('delimiter', ':'));
      return found === undefined ? given.valueOr('default', '') : deepCopy(found);
    }),
    define('grains.fetch', ['key', 'default?', 'delimiter?', 'ordered?'], (given) => {
      const found = traverse(grains, given.value('key') ?? '', given.text('delimiter', ':'));
      return found === undefined ? given.valueOr('default', '') : deepCopy(found);
    }),
    define('grains.has_value', ['key'], (given) =>
      isTrue(traverse(grains, given.value('key') ?? '') ?? false),
    ),
    define('grains.equals', ['key', 'value'], (given) =>
      isDeepStrictEqual(
        printScalar(traverse(grains, given.value('key') ?? '')),
        printScalar(given.value('value')),
      ),
    ),
    define('grains.item', [...ITEM_PARAMETERS, 'sanitize?'], (given) => itemsOf(grains, given)),
    define('grains.items', ['sanitize?'], () => deepCopy(grains)),
    define('grains.filter_by', ['lookup_dict', 'grain?', 'merge?', 'default?', 'base?'], (given) =>
      filterBy(given, traverse(grains, given.text('grain', 'os_family'))),
    ),
  ];
}

function filterBy(given: Given, grain: Value | undefined): Value {
  const lookup = given.dict('lookup_dict');
  let found = pick(lookup, grain) ?? lookup.get(given.valueOr('default', 'default')) ?? null;

  const base = lookup.get(given.value('base') ?? null);
  if (base !== undefined) {
    if (found === null) found = base;
    else if (isDict(base)) {
      if (!isDict(found)) given.fail('the value looked up and the base are not both mappings');
      found = updateDict(deepCopy(base), found);
    }
  }

  const merge = given.value('merge');
  if (merge === undefined || !isTrue(merge)) return found;
  if (!isDict(merge)) return given.fail('merge is not a mapping');
  if (found === null) return merge;
  noteChange();
  // Salt merges into the map that was looked up, and formulas rely on seeing it afterwards.
  return isDict(found)
    ? updateDict(found, deepCopy(merge))
    : given.fail('the value looked up is not a mapping');
}

/** The first entry whose key, a glob, matches the grain or one of its items; null counts as nothing. */
function pick(lookup: Dict, grain: Value | undefined): Value | undefined {
  const items = Array.isArray(grain) ? grain : grain === undefined ? [] : [grain];
  for (const item of items) {
    for (const [key, value] of lookup)
      if (matchGlob(printScalar(key) ?? '', printScalar(item) ?? '')) {
        if (value === null) break;
        return value;
      }
  }
  return undefined;
}
