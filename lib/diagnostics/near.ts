/**
 * Names that look like a mistyped one, best first, at most three.
 * Distance is Damerau-Levenshtein (optimal string alignment), at most a third of the longer name, at least 1 and less than all of it.
 */
export function nearNames(wrong: string, known: Iterable<string>): readonly string[] {
  const scored: { name: string; distance: number }[] = [];
  for (const name of new Set(known)) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    // A name of one letter is near every other one: that says nothing.
    const longest = Math.max(wrong.length, name.length);
    if (distance < longest && distance <= Math.max(1, Math.floor(longest / 3)))
      scored.push({ name, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name));
  return scored.slice(0, 3).map((entry) => entry.name);
}

/** The fix line for a mistyped name; undefined when nothing is near. */
export function didYouMean(wrong: string, known: Iterable<string>): string | undefined {
  const near = nearNames(wrong, known);
  return near.length === 0 ? undefined : `did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > Math.max(a.length, b.length) / 3 + 1) return Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? Infinity;
}
