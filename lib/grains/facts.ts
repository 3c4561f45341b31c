/** What the grains script told: its own names, and the text of files by their path. */
export type Facts = ReadonlyMap<string, string>;

/** Files whose path matches, as [the part the pattern captures, first line]. */
export function* filesLike(facts: Facts, pattern: RegExp): Generator<[string, string]> {
  for (const [path, text] of facts) {
    const name = pattern.exec(path)?.[1];
    if (name !== undefined) yield [name, text.split('\n')[0] ?? ''];
  }
}
