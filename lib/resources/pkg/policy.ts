/** What the index has of one package. */
export type Available = {
  /** What apt would install; null when nothing, as for a name that packages only provide. */
  readonly candidate: string | null;
  /** Newest first, as apt lists them. */
  readonly versions: readonly string[];
};

/** Reads the lines of `apt-cache policy`. */
export function readPolicy(lines: readonly string[]): Readonly<Record<string, Available>> {
  const found: Record<string, { candidate: string | null; versions: string[] }> = {};
  let current: { candidate: string | null; versions: string[] } | undefined;
  for (const line of lines) {
    const name = /^([a-z0-9][a-z0-9+.:-]*):$/.exec(line)?.[1];
    if (name !== undefined) {
      current = { candidate: null, versions: [] };
      found[name] = current;
    }
    const candidate = /^ {2}Candidate: (\S+)$/.exec(line)?.[1];
    if (current !== undefined && candidate !== undefined && candidate !== '(none)')
      current.candidate = candidate;
    // ` *** ` marks the installed one; its line of a repository stands deeper.
    const version = /^ (?:\*\*\*| {3}) (\S+)(?: |$)/.exec(line)?.[1];
    if (version !== undefined) current?.versions.push(version);
  }
  return found;
}
