import { escapeControl } from '../diagnostics/escape.ts';
import { writeLine } from '../diagnostics/place.ts';
import type { Event, HostResult } from '../model/event.ts';
import type { PlanReport } from '../model/report.ts';
import { failureLine } from './failure-text.ts';
import { Progress, progressWords } from './progress.ts';
import { whereWords } from './rollout-rows.ts';
import { noOther, systemClock } from './reporter.ts';
import type { Clock, Reporter, Write } from './reporter.ts';
import { duration, makeStyle, plural } from './style.ts';
import type { Style } from './style.ts';

/** How a log is written. */
export interface PlainOptions {
  readonly clock?: Clock;
  readonly ascii?: boolean;
  /** Folds the hosts' lines away in the log of a CI system; failures are marked so that they are seen all the same. */
  readonly folding?: 'github' | 'gitlab' | 'none';
  /** Silence after which a sign of life is written; 30 s when absent. */
  readonly heartbeatMs?: number;
}

/** One line for each event worth saying, with the time in UTC, and a sign of life when nothing happened for half a minute. */
export function createPlain(write: Write, options: PlainOptions = {}): Reporter {
  const clock = options.clock ?? systemClock;
  const style = makeStyle({ ascii: options.ascii ?? false });
  const heartbeatMs = options.heartbeatMs ?? 30_000;
  const folding = foldingOf(options.folding ?? 'none');
  const progress = new Progress();
  let lastWritten = clock.now();
  const saidOf = new Map<string, { readonly what: string; readonly at: number }>();
  let folded = false;
  let closed = false;

  const raw = (text: string) => {
    lastWritten = clock.now();
    write(`${text}\n`);
  };
  const line = (text: string) =>
    raw(`${new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')} ${text}`);
  const stop = clock.every(Math.min(heartbeatMs, 1000), () => {
    const now = clock.now();
    if (now - lastWritten < heartbeatMs) return;
    line(heartbeat(progress, now, style));
    const [slow] = progress.slowest(now, 1);
    const said = slow && saidOf.get(slow.host);
    if (slow && said) saidOf.set(slow.host, { ...said, at: now });
  });
  const close = () => {
    if (closed) return;
    closed = true;
    stop();
    if (folded) raw(folding.end(clock.now()));
  };

  // A host's long work is worth a line where it has gone on for long, and then as often as a sign of life is.
  const longWork = (event: Extract<Event, { type: 'host.progress' }>): string | undefined => {
    const now = clock.now();
    const last = saidOf.get(event.host);
    if (last?.what === event.what && now - last.at < heartbeatMs) return undefined;
    saidOf.set(event.host, { what: event.what, at: now });
    return last?.what === event.what
      ? `${style.glyph.more} ${style.show(event.host)}: ${style.show(progressWords(event))}`
      : undefined;
  };
  const event = (event: Event): void => {
    if (closed) return;
    progress.event(event, clock.now());
    if (event.type === 'run.finished' && folded) {
      folded = false;
      raw(folding.end(clock.now()));
    }
    const said = event.type === 'host.progress' ? longWork(event) : sayEvent(event, style);
    if (said !== undefined) line(said);
    if (said?.startsWith('FAIL')) for (const mark of folding.mark(said)) raw(mark);
    if (event.type === 'run.started' && folding.start) {
      folded = true;
      raw(folding.start(`hosts of ${event.environment}`, clock.now()));
    }
  };
  return { event, close };
}

/** One line for an event, undefined when the log can do without it. */
function sayEvent(event: Event, style: Style): string | undefined {
  const { show } = style;
  switch (event.type) {
    case 'run.started':
      return `start ${event.command} ${show(event.environment)}: ${plural(event.hosts.length, 'host')}, run ${event.run}`;
    case 'host.unread': {
      const { code, reason, fix } = event.unread;
      return `FAIL ${show(event.host)} not read: ${code} ${show(reason)}${fix === undefined ? '' : ` (fix: ${show(fix)})`}`;
    }
    case 'plan.ready':
      return planLine(event.report);
    case 'chunk.finished': {
      const { host, chunk, outcome } = event;
      if (outcome.status !== 'failed' && outcome.status !== 'unknown') return undefined;
      return `FAIL ${failureLine({ host, chunk, outcome }, style)} (${show(writeLine(chunk.source))})`;
    }
    case 'host.finished':
      return hostLine(event.result, style);
    case 'notice': {
      const host = event.host === undefined ? '' : `${show(event.host)}: `;
      return `${event.level === 'warning' ? 'WARN' : 'note'} ${host}${show(event.message)}`;
    }
    case 'rollout':
      return `${event.step === 'halt' ? 'HALT ' : event.level === 'warning' ? 'FAIL ' : ''}${show(event.message)}`;
    case 'trial':
      return `${trialWord(event.phase)} ${show(event.host)}: ${show(event.message)}`;
    case 'lock.waiting':
      return `wait ${show(event.host)}: ${show(event.reason)}`;
    case 'run.stopping':
      return `STOP ${show(event.reason)}`;
    case 'run.finished':
      return `end exit ${event.exitCode}, ${duration(event.durationMs)}`;
    case 'host.connecting':
    case 'host.connected':
    case 'host.looking':
    case 'host.progress':
    case 'host.planned':
    case 'lock.taken':
    case 'host.applying':
    case 'lock.released':
    case 'chunk.started':
    case 'host.verifying':
      return undefined;
    default:
      return noOther(event);
  }
}

function trialWord(phase: Extract<Event, { type: 'trial' }>['phase']): string {
  if (phase === 'rolled-back' || phase === 'unknown' || phase === 'refused') return 'FAIL trial';
  return phase === 'armed' ? 'trial' : `trial ${phase}`;
}

function planLine({ summary, durationMs }: PlanReport): string {
  const unread = summary.unread > 0 ? `, ${summary.unread} NOT read` : '';
  return `plan ready: ${summary.hostsChanged} of ${plural(summary.read, 'host')} change${unread}, ${duration(durationMs)}`;
}

function hostLine(result: HostResult, { show }: Style): string {
  const { host, status, changed, failed, skipped, unknown, remaining, durationMs, reason, fix } = result;
  const words = [
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...remaining.map((chunk) => `still different: ${show(chunk.function)} ${show(chunk.name)}`),
    ...(reason === undefined ? [] : [show(reason)]),
    ...(fix === undefined ? [] : [`fix: ${show(fix)}`]),
    duration(durationMs),
  ];
  const word = status === 'converged' ? (changed > 0 ? 'done' : 'in sync') : status;
  return `${status === 'converged' ? 'host' : 'FAIL'} ${show(host)} ${word}: ${words.join(', ')}`;
}

function heartbeat(progress: Progress, now: number, style: Style): string {
  const { running, read, finished, total, changing } = progress.counts();
  const behind = changing
    ? `${finished} of ${plural(total, 'host')} finished`
    : `${read} of ${plural(total, 'host')} read`;
  const [slow] = progress.slowest(now, 1);
  const slowest = slow
    ? `, slowest ${style.show(slow.host)} ${style.show(slow.step)} (${duration(slow.ms)})`
    : '';
  const where = progress.rollout && whereWords(progress.rollout, style);
  return `${style.glyph.more} still working: ${where === undefined ? '' : `${where}; `}${behind}, ${running} at work${slowest}`;
}

/** How a CI system folds lines and marks errors. */
interface Folding {
  readonly start?: (title: string, now: number) => string;
  readonly end: (now: number) => string;
  readonly mark: (failure: string) => readonly string[];
}

function foldingOf(system: 'github' | 'gitlab' | 'none'): Folding {
  switch (system) {
    case 'github':
      return {
        start: (title) => `::group::${escapeControl(title)}`,
        end: () => '::endgroup::',
        // Workflow commands read % as an escape: docs.github.com, "Workflow commands".
        mark: (failure) => [`::error::${failure.replaceAll('%', '%25')}`],
      };
    case 'gitlab': {
      const second = (now: number) => Math.floor(now / 1000);
      return {
        start: (title, now) =>
          `\u001b[0Ksection_start:${second(now)}:slab_hosts[collapsed=true]\r\u001b[0K${escapeControl(title)}`,
        end: (now) => `\u001b[0Ksection_end:${second(now)}:slab_hosts\r\u001b[0K`,
        mark: () => [],
      };
    }
    case 'none':
      return { end: () => '', mark: () => [] };
  }
}
