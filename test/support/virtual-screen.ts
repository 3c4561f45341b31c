/** A terminal in memory: understands what a live display writes, and refuses what it does not know. */
export interface VirtualScreen {
  write(text: string): void;
  readonly rows: number;
  readonly columns: number;
  /** The lines as they stand, colours left out, spaces and empty lines at the end dropped. */
  lines(): readonly string[];
  /** How many times something was written. */
  writes(): number;
  cursorShown(): boolean;
}

/** A terminal of that size. */
export function virtualScreen(rows = 24, columns = 100): VirtualScreen {
  const lines: string[] = [''];
  let row = 0;
  let writes = 0;
  let shown = true;
  let column = 0;

  const put = (text: string) => {
    const line = (lines[row] ?? '').padEnd(column);
    lines[row] = line.slice(0, column) + text + line.slice(column + text.length);
    column += text.length;
  };
  const write = (text: string) => {
    writes++;
    for (const token of text.match(/\u001b\[[?\d;]*[A-Za-z]|\n|\r|[^\u001b\n\r]+/g) ?? []) {
      if (token === '\n') {
        row++;
        column = 0;
        lines[row] ??= '';
      } else if (token === '\r' || token === '\u001b[G') column = 0;
      else if (token === '\u001b[2K') lines[row] = '';
      else if (token === '\u001b[1A') row = Math.max(0, row - 1);
      else if (token === '\u001b[?25h') shown = true;
      else if (token === '\u001b[?25l') shown = false;
      else if (!token.startsWith('\u001b')) put(token);
      else if (!token.endsWith('m')) throw new Error(`unknown sequence ${JSON.stringify(token)}`);
    }
  };
  return {
    write,
    rows,
    columns,
    lines: () => {
      const texts = lines.map((line) => line.trimEnd());
      return texts.slice(0, texts.findLastIndex((line) => line !== '') + 1);
    },
    writes: () => writes,
    cursorShown: () => shown,
  };
}
