import type { Event } from '../model/event.ts';
import { failureLine } from './failure-text.ts';
import { LiveArea, startList } from './live-area.ts';
import type { LiveList, Screen } from './live-area.ts';
import { Progress } from './progress.ts';
import { liveRows } from './progress-text.ts';
import { noOther, systemClock } from './reporter.ts';
import type { Clock, Reporter } from './reporter.ts';
import { duration, makeStyle } from './style.ts';
import type { Style, StyleOptions } from './style.ts';
import { paintSign } from './item-text.ts';

/** How the live display is drawn. */
export interface TerminalOptions extends Omit<StyleOptions, 'columns'> {
  readonly clock?: Clock;
  /** Registers what is to be done when the process exits; the result takes it back. The cursor is restored there. */
  readonly onExit?: (restore: () => void) => () => void;
}

/** A live display that makes room for a question. */
export interface TerminalReporter extends Reporter {
  /** Takes the display off the screen until `resume`; events are counted meanwhile. */
  pause(): void;
  resume(): void;
}

/** At most ten draws a second, and fewer are as good. */
const DRAW_MS = 125;

/**
 * The live display on a terminal: a bounded area of stages with counters and the slowest hosts, whatever the number of hosts;
 * failures and notices are printed above it at once, to stay. An event costs constant time, drawing happens on the clock.
 */
export function createTerminal(screen: Screen, options: TerminalOptions = {}): TerminalReporter {
  const clock = options.clock ?? systemClock;
  const style = makeStyle({ ...options, columns: screen.columns });
  const progress = new Progress();
  let hint: string | undefined;
  let tellsMore = false;
  let live: Live | undefined;
  let paused = false;
  let closed = false;

  const start = () => {
    if (!live && !paused && !closed) live = startLive({ screen, style, progress, clock, hint: () => hint });
  };
  const stop = () => {
    live?.stop();
    live = undefined;
  };
  const onExit = options.onExit ?? atProcessExit;
  const forget = onExit(stop);

  return {
    event: (event) => {
      if (closed) return;
      progress.event(event, clock.now());
      const text = permanentLine(event, style) ?? (tellsMore ? goodLine(event, style) : undefined);
      if (text !== undefined) (live?.above ?? ((line: string) => screen.write(`${line}\n`)))(text);
      if (event.type === 'run.started') start();
      if (event.type === 'run.finished') stop();
    },
    pause: () => {
      paused = true;
      stop();
    },
    resume: () => {
      paused = false;
      start();
    },
    hint: (text) => (hint = text),
    tellMore: (isMore) => (tellsMore = isMore),
    close: () => {
      if (closed) return;
      closed = true;
      stop();
      forget();
    },
  };
}

/** A display that runs. */
interface Live {
  above(text: string): void;
  stop(): void;
}

function startLive(parts: {
  readonly screen: Screen;
  readonly style: Style;
  readonly progress: Progress;
  readonly clock: Clock;
  readonly hint: () => string | undefined;
}): Live {
  const { screen, style, progress, clock, hint } = parts;
  const area = new LiveArea(screen);
  let list: LiveList | undefined;
  let stopped = false;
  const rows = () => liveRows(progress, clock.now(), { ...screen, hint: hint() }, style);
  const stages = rows().stages.length;
  void startList(area, screen, style, stages).then((started) => {
    if (stopped) started.end();
    else list = started;
  });
  const stopDrawing = clock.every(DRAW_MS, () => list?.draw(rows()));
  return {
    above: (text) => area.above(text),
    stop: () => {
      if (stopped) return;
      stopped = true;
      stopDrawing();
      area.close();
      list?.end();
    },
  };
}

/** What must not be lost with the next frame. */
function permanentLine(event: Event, style: Style): string | undefined {
  const { show, paint } = style;
  switch (event.type) {
    case 'host.unread':
      return `${paintSign('x', style)} ${show(event.host)} ${style.glyph.dot} not read: ${event.unread.code} ${show(event.unread.reason)}`;
    case 'chunk.finished': {
      const { host, chunk, outcome } = event;
      if (outcome.status !== 'failed' && outcome.status !== 'unknown') return undefined;
      return `${paintSign(outcome.status === 'failed' ? 'x' : '?', style)} ${failureLine({ host, chunk, outcome }, style)}`;
    }
    case 'host.finished': {
      const { host, status, reason } = event.result;
      if (status === 'converged' || reason === undefined) return undefined;
      return `${paintSign('x', style)} ${show(host)} ${style.glyph.dot} ${status}: ${show(reason)}`;
    }
    case 'notice': {
      const host = event.host === undefined ? '' : `${show(event.host)} ${style.glyph.dot} `;
      const text = `${host}${show(event.message)}`;
      return event.level === 'warning' ? `${paintSign('?', style)} ${text}` : paint.dim(`  ${text}`);
    }
    case 'rollout':
      return event.level === 'warning'
        ? `${paintSign('x', style)} ${event.step === 'halt' ? 'halted ' : ''}${show(event.message)}`
        : `  ${show(event.message)}`;
    case 'trial': {
      const text = `${show(event.host)} ${style.glyph.dot} ${show(event.message)}`;
      if (event.phase === 'rolled-back' || event.phase === 'refused')
        return `${paintSign('x', style)} ${text}`;
      if (event.phase === 'unknown') return `${paintSign('?', style)} ${text}`;
      return paint.dim(`  ${text}`);
    }
    case 'run.stopping':
      return paint.yellow(`stopping: ${show(event.reason)}`);
    case 'run.started':
    case 'host.connecting':
    case 'host.connected':
    case 'host.looking':
    case 'host.progress':
    case 'host.planned':
    case 'plan.ready':
    case 'lock.taken':
    case 'host.applying':
    case 'lock.released':
    case 'lock.waiting':
    case 'chunk.started':
    case 'host.verifying':
    case 'run.finished':
      return undefined;
    default:
      return noOther(event);
  }
}

/** What goes well, for who asked to see it: each change, and how each host ended. */
function goodLine(event: Event, style: Style): string | undefined {
  const { show, glyph, paint } = style;
  if (event.type === 'chunk.finished' && event.outcome.status === 'changed')
    return paint.dim(
      `  ${show(event.host)} ${glyph.dot} ${show(event.chunk.function)} ${show(event.chunk.name)}`,
    );
  if (event.type === 'host.finished' && event.result.status === 'converged') {
    const { host, changed, durationMs } = event.result;
    const word = changed > 0 ? `done: ${changed} changed` : 'in sync';
    return `${paintSign('=', style)} ${show(host)} ${glyph.dot} ${word}, ${duration(durationMs)}`;
  }
  return undefined;
}

function atProcessExit(restore: () => void): () => void {
  process.once('exit', restore);
  return () => process.removeListener('exit', restore);
}
