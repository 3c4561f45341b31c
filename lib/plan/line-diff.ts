/** One step of an edit script over two lists: keep, drop from the old, take from the new. */
export interface Edit {
  readonly kind: 'same' | 'removed' | 'added';
  /** Index in the old list; for an added entry, where it is put. */
  readonly before: number;
  /** Index in the new list; for a removed entry, where it was. */
  readonly after: number;
}

/** Edits a segment may cost before it is given up and replaced as a whole: keeps the time linear for rewritten files. */
const MOST_EDITS = 400;

/**
 * The edits that turn one list into another, in order. Lines that occur once on both sides anchor the diff (patience), and
 * between anchors Myers' algorithm finds the shortest script; a stretch that differs too much is replaced whole.
 */
export function diffLists(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const numbers = new Map<string, number>();
  const number = (entry: string) => {
    const known = numbers.get(entry) ?? numbers.size;
    numbers.set(entry, known);
    return known;
  };
  const a = before.map(number);
  const b = after.map(number);
  const edits: Edit[] = [];

  let i = 0;
  let j = 0;
  for (const [x, y] of [...anchors(a, b), [a.length, b.length] as const]) {
    diffSegment(a, b, { i, j, iEnd: x, jEnd: y }, edits);
    if (x < a.length && y < b.length) edits.push({ kind: 'same', before: x, after: y });
    i = x + 1;
    j = y + 1;
  }
  return removalsFirst(edits);
}

/** Within a run of changes what goes comes before what takes its place, as people read it. */
function removalsFirst(edits: readonly Edit[]): readonly Edit[] {
  const ordered: Edit[] = [];
  let added: Edit[] = [];
  for (const edit of edits) {
    if (edit.kind === 'added') added.push(edit);
    else {
      if (edit.kind === 'same') added = flush(added, ordered);
      ordered.push(edit);
    }
  }
  flush(added, ordered);
  return ordered;
}

function flush(from: readonly Edit[], to: Edit[]): Edit[] {
  for (const edit of from) to.push(edit);
  return [];
}

interface Segment {
  readonly i: number;
  readonly j: number;
  readonly iEnd: number;
  readonly jEnd: number;
}

function diffSegment(a: readonly number[], b: readonly number[], segment: Segment, edits: Edit[]): void {
  let { i, j, iEnd, jEnd } = segment;
  while (i < iEnd && j < jEnd && a[i] === b[j]) edits.push({ kind: 'same', before: i++, after: j++ });
  let tail = 0;
  while (i < iEnd && j < jEnd && a[iEnd - 1] === b[jEnd - 1]) {
    iEnd--;
    jEnd--;
    tail++;
  }
  const script = i === iEnd || j === jEnd ? undefined : myers(a.slice(i, iEnd), b.slice(j, jEnd));
  for (const kind of script ?? replaceAll(iEnd - i, jEnd - j)) {
    edits.push({ kind, before: i, after: j });
    if (kind !== 'added') i++;
    if (kind !== 'removed') j++;
  }
  for (let k = 0; k < tail; k++) edits.push({ kind: 'same', before: iEnd + k, after: jEnd + k });
}

function replaceAll(removed: number, added: number): readonly Edit['kind'][] {
  return [...Array<Edit['kind']>(removed).fill('removed'), ...Array<Edit['kind']>(added).fill('added')];
}

/** Myers, "An O(ND) difference algorithm", 1986; undefined when more than MOST_EDITS edits are needed. */
function myers(a: readonly number[], b: readonly number[]): readonly Edit['kind'][] | undefined {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const furthest = new Int32Array(2 * most + 3);
  const at = (k: number) => furthest[k + most + 1] ?? 0;
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d++) {
    trace.push(furthest.slice(most + 1 - d - 1, most + 1 + d + 2));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest[k + most + 1] = x;
      if (x >= a.length && x - k >= b.length) return backtrack(trace, a.length, b.length);
    }
  }
  return undefined;
}

/** trace[d] holds diagonals -d-1 … d+1 as they were before round d. */
function backtrack(trace: readonly Int32Array[], n: number, m: number): readonly Edit['kind'][] {
  const script: Edit['kind'][] = [];
  let x = n;
  let y = m;
  for (let d = trace.length - 1; d >= 0; d--) {
    const row = trace[d] ?? new Int32Array();
    const at = (k: number) => row[k + d + 1] ?? 0;
    const k = x - y;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const fromX = d === 0 ? 0 : at(down ? k + 1 : k - 1);
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    const afterEdit = d === 0 ? 0 : down ? fromX : fromX + 1;
    while (x > afterEdit) {
      script.push('same');
      x--;
      y--;
    }
    if (d > 0) script.push(down ? 'added' : 'removed');
    x = fromX;
    y = fromY;
  }
  return script.reverse();
}

/** Pairs of equal entries that occur once on each side, longest increasing run of them (patience). */
function anchors(a: readonly number[], b: readonly number[]): readonly (readonly [number, number])[] {
  const once = positionsOfUnique(a);
  const pairs = [...positionsOfUnique(b)].flatMap(([entry, y]) => {
    const x = once.get(entry);
    return x === undefined ? [] : [[x, y] as const];
  });
  pairs.sort((p, q) => p[1] - q[1]);
  return longestIncreasing(pairs);
}

function positionsOfUnique(list: readonly number[]): ReadonlyMap<number, number> {
  const seen = new Map<number, number>();
  const repeated = new Set<number>();
  list.forEach((entry, index) => {
    if (seen.has(entry)) repeated.add(entry);
    seen.set(entry, index);
  });
  for (const entry of repeated) seen.delete(entry);
  return seen;
}

type Pair = readonly [number, number];

function longestIncreasing(pairs: readonly Pair[]): readonly Pair[] {
  const piles: number[] = [];
  const previous: number[] = [];
  const first = (index: number | undefined) => pairs[index ?? -1]?.[0] ?? -1;
  pairs.forEach((pair, index) => {
    let low = 0;
    let high = piles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (first(piles[middle]) < pair[0]) low = middle + 1;
      else high = middle;
    }
    previous[index] = piles[low - 1] ?? -1;
    piles[low] = index;
  });
  const run: Pair[] = [];
  for (let index = piles.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const pair = pairs[index];
    if (pair) run.push(pair);
  }
  return run.reverse();
}
