import { compareValues } from './compare.ts';
import { spend } from './meter.ts';
import type { Val } from './value.ts';

/** Python's `sorted`: stable, also in reverse. */
export function sortValues(
  items: readonly Val[],
  how: { readonly key?: ((item: Val) => Val) | undefined; readonly reverse?: boolean },
): Val[] {
  const { key } = how;
  const keyed = items.map((item) => ({ item, key: key === undefined ? item : key(item) }));
  spend(keyed.length);
  const sign = how.reverse === true ? -1 : 1;
  keyed.sort((a, b) => sign * compareValues(a.key, b.key));
  return keyed.map((entry) => entry.item);
}
