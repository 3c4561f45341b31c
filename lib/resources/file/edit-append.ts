import { type EditResult, endLine, splitLines } from './lines.ts';

/** Lines that must be somewhere in the text; missing ones go to its end or its beginning. */
export interface AppendEdit {
  readonly op: 'append' | 'prepend';
  /** Each is one line or several that belong together. */
  readonly chunks: readonly string[];
  /** Runs of white space count as one blank, and as none at the ends of lines. */
  readonly ignoreWhitespace: boolean;
}

/** Adds the chunks that are not there, in order. */
export function applyAppend({ op, chunks, ignoreWhitespace }: AppendEdit, text: string): EditResult {
  const plain = (line: string): string => (ignoreWhitespace ? line.trim().replace(/\s+/g, ' ') : line);
  const have = splitLines(text).lines.map(plain);
  const missing: string[] = [];
  for (const chunk of chunks) {
    const lines = splitLines(chunk).lines;
    const wanted = lines.map(plain);
    const there = have.some((_, at) => wanted.every((line, offset) => have[at + offset] === line));
    if (there || lines.length === 0) continue;
    missing.push(...lines);
    have.push(...wanted);
  }
  if (missing.length === 0) return { text };
  const added = `${missing.join('\n')}\n`;
  return { text: op === 'append' ? endLine(text) + added : added + text };
}
