/** One part of the probe's answer. */
export interface Section {
  readonly words: readonly string[];
  readonly lines: readonly string[];
}

/** The parts of the probe's answer: `@@ WORDS`, and lines with a `=` before them. */
export function sectionsOf(text: string): readonly Section[] {
  const sections: { words: readonly string[]; lines: string[] }[] = [];
  for (const line of text.split('\n'))
    if (line.startsWith('@@ ')) sections.push({ words: line.slice(3).split(' '), lines: [] });
    else if (line.startsWith('=')) sections.at(-1)?.lines.push(line.slice(1));
  return sections;
}
