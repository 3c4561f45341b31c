import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Paint } from '../diagnostics/paint.ts';
import { createRedactor, type Redactor } from '../diagnostics/redact.ts';
import { renderDiagnostics } from '../diagnostics/render.ts';
import type { Event } from '../model/event.ts';
import { loadPaint, progressMode, wantsAscii, wantsColour } from '../reporters/colour.ts';
import type { Reporter } from '../reporters/reporter.ts';
import type { StyleOptions } from '../reporters/style.ts';
import type { ShowOptions } from './options.ts';

/** Everything a command says goes through here, so that no secret leaves by any way. */
export interface Console {
  readonly redactor: Redactor;
  /** How results on stdout are written. */
  readonly style: StyleOptions;
  /** A result, on stdout; a line end is added if there is none. */
  print(text: string): void;
  printJson(value: unknown): void;
  /** What is wrong with the input, all of it, on stderr. */
  complain(diagnostics: readonly Diagnostic[], source: (file: string) => string | undefined): void;
  /** A word to the person, on stderr. */
  say(text: string): void;
  /** Shows and records an event. */
  emit(event: Event): void;
  /** From now on every event is also written here. */
  record(write: (event: Event) => void): void;
  /** Whether there is a live display at a terminal. */
  readonly isLive: boolean;
  /** What the last row of a live display says, from now on. */
  hint(text: string): void;
  /** Whether a live display also tells what goes well. */
  tellMore(isMore: boolean): void;
  /** Takes the display off the screen while something is printed or asked. */
  pause(): void;
  resume(): void;
  /** Ends the display. */
  quiet(): void;
}

/** Makes the console of a command. Progress goes to stderr, results to stdout. */
export async function openConsole(options: ShowOptions): Promise<Console> {
  const env = process.env;
  const redactor = createRedactor();
  const ascii = wantsAscii({ flag: options.ascii === true, env });
  const paintFor = (stream: NodeJS.WriteStream): Promise<Paint> =>
    loadPaint(wantsColour({ flag: options.color, env, isTTY: stream.isTTY }));
  const [outPaint, errorPaint] = await Promise.all([paintFor(process.stdout), paintFor(process.stderr)]);
  const columns = (stream: NodeJS.WriteStream) =>
    options.width ?? (stream.isTTY ? stream.columns : undefined);
  const style = { paint: outPaint, columns: columns(process.stdout), ascii };
  const out = (text: string) =>
    void process.stdout.write(redactor.text(text.endsWith('\n') ? text : `${text}\n`));
  const err = (text: string) =>
    void process.stderr.write(redactor.text(text.endsWith('\n') ? text : `${text}\n`));

  const mode = progressMode(options.progress, { env, isTTY: process.stderr.isTTY });
  const makeReporter = await loadReporter(mode, {
    paint: errorPaint,
    columns: columns(process.stderr),
    ascii,
  });
  let reporter: Reporter | undefined;
  let isQuiet = false;
  const recorders: ((event: Event) => void)[] = [];
  return {
    redactor,
    style,
    print: out,
    printJson: (value) => out(JSON.stringify(value, undefined, 2)),
    complain(diagnostics, source) {
      if (diagnostics.length > 0) err(renderDiagnostics(diagnostics, { sources: source, paint: errorPaint }));
    },
    say: err,
    emit(event) {
      const clean = redactor.event(event);
      for (const write of recorders) write(clean);
      // Made by the first event: a command that ends before anything happened has nothing to show and to take away.
      if (!isQuiet) reporter ??= makeReporter();
      reporter?.event(clean);
    },
    record: (write) => void recorders.push(write),
    isLive: mode === 'live',
    hint(text) {
      if (!isQuiet) reporter ??= makeReporter();
      reporter?.hint?.(text);
    },
    tellMore: (isMore) => reporter?.tellMore?.(isMore),
    pause: () => reporter?.pause?.(),
    resume: () => reporter?.resume?.(),
    quiet() {
      reporter?.close();
      reporter = undefined;
      isQuiet = true;
    },
  };
}

/** The console of a command whose result is all there is to see: progress only where it is asked for. */
export function openResultConsole(options: ShowOptions): Promise<Console> {
  return openConsole({ ...options, progress: options.progress === 'auto' ? 'none' : options.progress });
}

/** Loads the display, so that making it later takes no time. */
async function loadReporter(
  mode: 'live' | 'lines' | 'none',
  style: StyleOptions,
): Promise<() => Reporter | undefined> {
  switch (mode) {
    case 'live': {
      const { createTerminal } = await import('../reporters/terminal.ts');
      const { stderr } = process;
      const screen = {
        write: (text: string) => void stderr.write(text),
        rows: stderr.rows,
        columns: stderr.columns,
      };
      const { paint, ascii } = style;
      const options = {
        ...(paint === undefined ? {} : { paint }),
        ...(ascii === undefined ? {} : { ascii }),
      };
      return () => createTerminal(screen, options);
    }
    case 'lines': {
      const { createPlain } = await import('../reporters/plain.ts');
      return () => createPlain((text) => void process.stderr.write(text), { ascii: style.ascii === true });
    }
    case 'none':
      return () => undefined;
  }
}
