import type { HostFunction } from '../../jinja/api.ts';
import type { Dict, Value } from '../../model/value.ts';
import { deepCopy, joined, updateDict } from '../merge.ts';
import { isDict, traverse } from '../traverse.ts';
import { define } from './define.ts';
import { ITEM_PARAMETERS, itemsOf } from './items.ts';

/** `pillar.*` over a compiled pillar. */
export function pillarFunctions(pillar: Dict): (readonly [string, HostFunction])[] {
  return [
    define('pillar.get', ['key', 'default?', 'merge?', 'merge_nested_lists?', 'delimiter?'], (given) => {
      const delimiter = given.text('delimiter', ':');
      const found = traverse(pillar, given.value('key') ?? '', delimiter);
      const otherwise = given.valueOr('default', '');
      if (given.truth('merge', false)) {
        const merged = mergeOver(otherwise, found, given.truth('merge_nested_lists', false));
        if (merged !== undefined) return merged;
      }
      return found === undefined ? otherwise : found;
    }),
    define('pillar.fetch', ['key', 'default?', 'delimiter?'], (given) => {
      const found = traverse(pillar, given.value('key') ?? '', given.text('delimiter', ':'));
      return found === undefined ? given.valueOr('default', '') : found;
    }),
    define('pillar.keys', ['key', 'delimiter?'], (given) => {
      const found = traverse(pillar, given.value('key') ?? '', given.text('delimiter', ':'));
      return isDict(found)
        ? [...found.keys()]
        : given.fail(`${given.text('key')} is not a mapping in the pillar`);
    }),
    define('pillar.item', ITEM_PARAMETERS, (given) => itemsOf(pillar, given)),
    define('pillar.items', [], () => deepCopy(pillar)),
    define('pillar.raw', ['key?'], (given) => {
      const key = given.value('key');
      return key === undefined ? pillar : (pillar.get(key) ?? new Map<Value, Value>());
    }),
  ];
}

/** The pillar over a default of the same shape; undefined when the two cannot be merged. */
function mergeOver(otherwise: Value, found: Value | undefined, mergeLists: boolean): Value | undefined {
  if (isDict(otherwise)) {
    const over = found ?? new Map<Value, Value>();
    return isDict(over) ? updateDict(deepCopy(otherwise), over, mergeLists) : undefined;
  }
  if (Array.isArray(otherwise)) {
    const over = found ?? [];
    return Array.isArray(over) ? joined(otherwise, over) : undefined;
  }
  return undefined;
}
