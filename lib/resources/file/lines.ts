/** A text after an edit, or why it cannot be done. */
export type EditResult = { readonly text: string } | { readonly problem: string };

/** A text in lines; the last one may lack its newline. */
export interface Lines {
  readonly lines: readonly string[];
  /** Whether the last line ends in a newline. */
  readonly ended: boolean;
}

/** Takes a text apart; an empty text has no line. */
export function splitLines(text: string): Lines {
  if (text === '') return { lines: [], ended: true };
  const ended = text.endsWith('\n');
  return { lines: (ended ? text.slice(0, -1) : text).split('\n'), ended };
}

/** Puts a text together again. */
export function joinLines({ lines, ended }: Lines): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}${ended ? '\n' : ''}`;
}

/** A text that ends in a newline, so that a line can follow. */
export function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** The white space a line begins with. */
export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
