import { itemOf } from '../python/access.ts';
import { typeError } from '../python/error.ts';
import { lengthOf } from '../python/iterate.ts';
import { native } from '../python/native.ts';
import type { Native } from '../python/native.ts';
import { Undefined } from '../python/undefined.ts';
import { orElse, typeName } from '../python/value.ts';
import type { Site } from '../site.ts';

/**
 * Jinja's `random`: one of the members. Which one follows from the place of the filter in its template, so that a plan and
 * the run after it say the same, and a second plan has nothing to change.
 */
export const randomFilters: readonly Native[] = [
  native('random', 'seq', ([value = null], { site }) => {
    const length = lengthOf(value);
    if (length === undefined) typeError(`object of type '${typeName(value)}' has no len()`);
    return orElse(
      length === 0 ? undefined : itemOf(value, placeNumber(site) % length),
      () => new Undefined('No random item, sequence was empty.'),
    );
  }),
];

/** A number from 0 to 2³² - 1 that differs from place to place: FNV-1a over the name of the file and the offset. */
function placeNumber({ source, start }: Site): number {
  let hash = 0x811c9dc5;
  for (const char of `${source.file}:${start}`) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
