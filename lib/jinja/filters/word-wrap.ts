import { spend } from '../python/meter.ts';
import { splitLines } from '../python/split.ts';
import { textLength } from '../python/text.ts';
import { valueError } from '../python/error.ts';

/** How Jinja's wordwrap breaks lines. */
export interface WrapOptions {
  readonly width: number;
  readonly breakLong: boolean;
  readonly newline: string;
  readonly breakHyphens: boolean;
}

/** Python's textwrap, each line of the text on its own. */
export function wrapText(text: string, options: WrapOptions): string {
  if (options.width <= 0) valueError(`invalid width ${options.width} (must be > 0)`);
  spend(text.length >> 2);
  return splitLines(text)
    .map((line) => wrapLine(line, options).join(options.newline))
    .join(options.newline);
}

// textwrap's own order: white space, dashes between words, words up to a hyphen between letters, dashes, the rest.
const HYPHENS =
  /([\t-\r ]+|(?<=[\w!"'&.,?])-{2,}(?=\w)|[^\t-\r ]\S*?(?:-(?:(?<=[^\W\d_]{2}-)|(?<=[^\W\d_]-[^\W\d_]-))(?=[^\W\d_]-?[^\W\d_])|(?=[\t-\r ]|$)|(?<=[\w!"'&.,?])(?=-{2,}\w)))/;

function wrapLine(line: string, { width, breakLong, breakHyphens }: WrapOptions): string[] {
  const chunks = line.split(breakHyphens ? HYPHENS : /([\t-\r ]+)/).filter((chunk) => chunk !== '');
  chunks.reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    const current: string[] = [];
    let length = 0;
    if (isSpace(chunks.at(-1)) && lines.length > 0) chunks.pop();
    while (chunks.length > 0) {
      const size = textLength(chunks.at(-1) ?? '');
      if (length + size > width) break;
      current.push(chunks.pop() ?? '');
      length += size;
    }
    const next = chunks.at(-1);
    if (next !== undefined && textLength(next) > width)
      breakWord(chunks, current, { room: width - length, breakLong, breakHyphens });
    if (isSpace(current.at(-1))) current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

function breakWord(
  chunks: string[],
  current: string[],
  how: { readonly room: number; readonly breakLong: boolean; readonly breakHyphens: boolean },
): void {
  const word = chunks.at(-1) ?? '';
  if (!how.breakLong) {
    if (current.length === 0) current.push(chunks.pop() ?? '');
    return;
  }
  let end = how.room;
  if (how.breakHyphens && word.length > end) {
    const hyphen = end > 0 ? word.lastIndexOf('-', end - 1) : -1;
    if (hyphen > 0 && /[^-]/.test(word.slice(0, hyphen))) end = hyphen + 1;
  }
  current.push(word.slice(0, end));
  chunks[chunks.length - 1] = word.slice(end);
}

/** An empty chunk counts: a word that finds no room leaves one, and the space in front of it stays, as in textwrap. */
function isSpace(chunk: string | undefined): boolean {
  return chunk !== undefined && /^[\t-\r ]*$/.test(chunk);
}
