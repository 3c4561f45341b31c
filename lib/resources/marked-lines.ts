/** A line of words, and the lines of a file that follow it, each after a `=` in the answer. */
export interface MarkedLines {
  /** Parted by tabs. */
  readonly words: readonly string[];
  readonly lines: readonly string[];
}

/** Reads what a probe has printed: lines of words, some of them followed by the lines of a file. */
export function markedLines(stdout: Uint8Array): readonly MarkedLines[] {
  const all: { readonly words: readonly string[]; readonly lines: string[] }[] = [];
  for (const line of new TextDecoder().decode(stdout).split('\n')) {
    if (line.startsWith('=')) all.at(-1)?.lines.push(line.slice(1));
    else if (line !== '') all.push({ words: line.split('\t'), lines: [] });
  }
  return all;
}
