import type { ListrDefaultRendererLogLevels } from 'listr2';
import type { LiveRows } from './progress-text.ts';
import type { Style } from './style.ts';

/** The terminal a live area is drawn on. */
export interface Screen {
  readonly write: (text: string) => void;
  readonly rows: number;
  readonly columns: number;
}

const CURSOR_SHOW = '\u001b[?25h';
const ERASE_LINE = '\u001b[2K';
const LINE_UP = '\u001b[1A';
/** What log-update writes before a frame: erase a line and go up, as often as the last frame had lines. */
const ERASURE = /^(?:\u001b\[2K(?:\u001b\[1A)?)*(?:\u001b\[G)?/;

/** A stream for listr2 that remembers the frame on the screen, so that lines can be put above it and it can go at once. */
export class LiveArea {
  readonly #screen: Screen;
  #frame = '';
  #pending = '';
  #waits = false;
  #open = true;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Takes what the renderer writes; it is put on the screen by `flush`. */
  take(text: string): boolean {
    if (!this.#open) return true;
    const erasure = ERASURE.exec(text)?.[0] ?? '';
    const rest = text.slice(erasure.length);
    // Hiding the cursor comes alone, before the first frame.
    if (rest.startsWith('\u001b[?25')) return true;
    this.#pending = rest;
    this.#waits = true;
    return true;
  }
  /** Draws the newest frame in one write; several of one moment are one. */
  flush(): void {
    if (!this.#open || !this.#waits) return;
    this.#waits = false;
    if (this.#pending === this.#frame) return;
    this.#screen.write(this.#erasing() + this.#pending);
    this.#frame = this.#pending;
  }

  /** Puts lines above the area, to stay. */
  above(text: string): void {
    const frame = this.#open ? this.#frame : '';
    this.#screen.write(`${this.#erasing()}${text}\n${frame}`);
  }

  /** Takes the area off the screen; whatever the renderer writes later is dropped. */
  close(): void {
    if (!this.#open) return;
    this.#screen.write(this.#erasing() + CURSOR_SHOW);
    this.#frame = '';
    this.#open = false;
  }

  #erasing(): string {
    if (this.#frame === '') return '';
    return `${(ERASE_LINE + LINE_UP).repeat(this.#frame.split('\n').length - 1)}${ERASE_LINE}\r`;
  }
}

/** The bounded list of stages, displayed by listr2. */
export interface LiveList {
  draw(rows: LiveRows): void;
  /** Lets listr2 end; the area must be closed before. */
  end(): void;
}

/**
 * Starts listr2 as a display only: four tasks at most, which end when told to. It gets a stream of its own, so it cannot
 * take over stdout, and no signals. Loaded here, for it costs 40 ms.
 */
export async function startList(
  area: LiveArea,
  screen: Screen,
  style: Style,
  stages: number,
): Promise<LiveList> {
  const {
    DefaultRenderer,
    Listr,
    ListrDefaultRendererLogLevels: Level,
    ListrLogger,
    ProcessOutput,
  } = await import('listr2');
  /** The plain renderer would be taken when stdout is a pipe, but this one draws on stderr. */
  class LiveRenderer extends DefaultRenderer {
    static override nonTTY = true;
  }
  const stream = {
    write: (text: string) => area.take(text),
    rows: screen.rows,
    columns: screen.columns,
  } as unknown as NodeJS.WriteStream; // listr2 uses no more of a stream than this
  const { paint, glyph } = style;
  const paintSign = (colour: (text: string) => string) => (text?: string) => colour(text ?? '');
  const icon: Partial<Record<ListrDefaultRendererLogLevels, string>> = {
    [Level.PENDING]: '>',
    [Level.WAITING]: ' ',
    [Level.COMPLETED]: '=',
    [Level.OUTPUT_WITH_BOTTOMBAR]: glyph.dot,
  };
  const color: Partial<Record<ListrDefaultRendererLogLevels, (text?: string) => string>> = {
    [Level.PENDING]: paintSign(paint.yellow),
    [Level.COMPLETED]: paintSign(paint.green),
    [Level.OUTPUT_WITH_BOTTOMBAR]: paintSign(paint.dim),
  };
  const finishers: (() => void)[] = [];
  const handles: { title: string; output: string }[] = [];
  const tasks = Array.from({ length: stages }, (_, index) => ({
    title: ' ',
    rendererOptions: { bottomBar: index === stages - 1 ? 1 : 0, outputBar: false },
    task: (_context: unknown, task: { title: string; output: string }) => {
      handles[index] = task;
      return new Promise<void>((resolve) => {
        finishers[index] = resolve;
      });
    },
  }));
  const list = new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    renderer: LiveRenderer,
    rendererOptions: {
      lazy: true,
      clearOutput: true,
      formatOutput: 'truncate',
      icon,
      color,
      logger: new ListrLogger<ListrDefaultRendererLogLevels>({
        processOutput: new ProcessOutput(stream, stream, { dump: [] }),
      }),
    },
  });
  let shownBelow = '';
  void list.run();
  return {
    draw: (rows) => {
      handles.forEach((handle, index) => {
        const row = rows.stages[index];
        if (!row) return;
        if (handle.title !== row.text) handle.title = row.text;
        // The last task keeps the display open; it ends with it.
        if (row.state === 'done' && index < stages - 1) finishers[index]?.();
      });
      const below = rows.below.join('\n');
      const last = handles.at(-1);
      if (last && below !== shownBelow) last.output = below;
      if (last) shownBelow = below;
      area.flush();
    },
    end: () => {
      for (const finish of finishers) finish();
    },
  };
}
