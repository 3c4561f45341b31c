/** How letters are compared: as they are, by their lower case, or so for ASCII only. */
export type CaseFold = 'none' | 'unicode' | 'ascii';

/** Python's simple lower case of a code point. */
export function lowerCode(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  const lower = String.fromCodePoint(code).toLowerCase();
  const first = lower.codePointAt(0) ?? code;
  // Of all letters only the dotted capital I becomes two code points.
  return lower.length > (first > 0xffff ? 2 : 1) ? 0x69 : first;
}

/** The lower case of ASCII letters; everything else stays. */
export function lowerAscii(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** Lower-case letters that share an upper case: Python's `re` takes them for one another. */
const ALIKE: readonly (readonly number[])[] = [
  [0x69, 0x131], [0x73, 0x17f], [0xb5, 0x3bc], [0x345, 0x3b9, 0x1fbe], [0x390, 0x1fd3], [0x3b0, 0x1fe3],
  [0x3b2, 0x3d0], [0x3b5, 0x3f5], [0x3b8, 0x3d1], [0x3ba, 0x3f0], [0x3c0, 0x3d6], [0x3c1, 0x3f1], [0x3c2, 0x3c3],
  [0x3c6, 0x3d5], [0x432, 0x1c80], [0x434, 0x1c81], [0x43e, 0x1c82], [0x441, 0x1c83], [0x442, 0x1c84, 0x1c85],
  [0x44a, 0x1c86], [0x463, 0x1c87], [0xa64b, 0x1c88], [0x1e61, 0x1e9b], [0xfb05, 0xfb06],
]; // prettier-ignore

const ALIKE_BY_CODE: ReadonlyMap<number, readonly number[]> = new Map(
  ALIKE.flatMap((codes) => codes.map((code) => [code, codes] as const)),
);

/** A lower-case letter and those that are taken for it. */
export function alike(lower: number): readonly number[] {
  return ALIKE_BY_CODE.get(lower) ?? [lower];
}

let upperByLower: ReadonlyMap<number, readonly number[]> | undefined;

/** Every code point that matches a lower-case letter when case is ignored. */
export function partners(lower: number): readonly number[] {
  upperByLower ??= collectUpper();
  const found: number[] = [];
  for (const code of alike(lower)) {
    if (lowerCode(code) === code) found.push(code);
    found.push(...(upperByLower.get(code) ?? []));
  }
  return found;
}

/** Cased letters end with plane 1. */
const LAST_CASED = 0x1efff;

function collectUpper(): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (let code = 0; code <= LAST_CASED; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const lower = lowerCode(code);
    if (lower === code) continue;
    const known = found.get(lower);
    if (known === undefined) found.set(lower, [code]);
    else known.push(code);
  }
  return found;
}
