import { sha256Of } from './contents.ts';
import { readContent } from './entry.ts';
import type { Records } from './records.ts';
import type { Entry } from './types.ts';

/** What is known of a file whose contents are told. */
export interface Expected {
  /** Bytes, at most, that are of interest. */
  readonly limit: number;
  /** Bytes when it was looked at. */
  readonly size: number;
  readonly sha256: string | null;
}

type Told = Pick<Entry, 'content' | 'note'>;

/** Reads the contents an answer tells, up to its `end`, by the number of the path. */
export function readTold(records: Records, expect: (index: number) => Expected): ReadonlyMap<number, Told> {
  const record = records.text();
  if (record === 'end') return new Map();
  const [told = '', large = '', ...coded] = record.split('\n');
  const numbers = (line: string): readonly number[] => line.split(' ').filter(Boolean).map(Number);
  const all = numbers(told).map((index) => ({ index, ...expect(index) }));
  const parts = splitContents(Buffer.from(coded.join(''), 'base64'), all);
  records.expectEnd();
  return new Map([
    ...numbers(large).map((index): [number, Told] => [index, { content: null, note: 'too large' }]),
    ...all.map(({ index, limit }, at): [number, Told] => {
      const part = parts[at];
      const gone: Told = { content: null, note: 'changed while it was read' };
      return [index, part === undefined ? gone : readContent(part, limit)];
    }),
  ]);
}

/**
 * Cuts files that stand one behind the other apart, each proved by its hash; undefined for what proves nothing. Sizes
 * lead from both ends towards a file of another size than was told (in /sys they all are), which is what then is left.
 */
function splitContents(
  bytes: Uint8Array,
  all: readonly Pick<Expected, 'size' | 'sha256'>[],
): readonly (Uint8Array | undefined)[] {
  const parts: (Uint8Array | undefined)[] = all.map(() => undefined);
  const proves = (part: Uint8Array, at: number): boolean => sha256Of(part) === all[at]?.sha256;
  let [first, from] = [0, 0];
  for (; first < all.length; first++) {
    const part = bytes.subarray(from, from + (all[first]?.size ?? 0));
    if (!proves(part, first)) break;
    parts[first] = part;
    from += part.length;
  }
  let to = bytes.length;
  for (let last = all.length - 1; last >= first; last--) {
    const size = last === first ? to - from : (all[last]?.size ?? 0);
    const part = bytes.subarray(Math.max(from, to - size), to);
    if (!proves(part, last)) break;
    parts[last] = part;
    to -= part.length;
  }
  return parts;
}
