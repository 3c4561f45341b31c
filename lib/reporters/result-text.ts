import { foldHosts } from '../diagnostics/fold.ts';
import { writeLine } from '../diagnostics/place.ts';
import { displayWidth, padDisplay } from '../diagnostics/width.ts';
import type { HostResult } from '../model/event.ts';
import type { UnreadHost } from '../model/plan.ts';
import { failureRows } from './failure-text.ts';
import { paintSign } from './item-text.ts';
import type { RunView } from './run-view.ts';
import { unreadRows } from './unread-text.ts';
import { duration, joinParts, makeStyle, plural, wrapProse } from './style.ts';
import type { Style, StyleOptions } from './style.ts';

/** How the end of a run is shown. */
export interface ResultTextOptions extends StyleOptions {
  /** The command that goes on with these hosts, to be typed next. */
  readonly retry?: (hosts: readonly string[]) => string;
}

/** A longer list of names gets a line of its own. */
const WIDEST_NAMES = 40;

/** Different failures and reasons shown in full; the rest is counted. */
const MOST_SHOWN = 12;

const WORDS: Readonly<Record<HostResult['status'], string>> = {
  converged: 'done',
  failed: 'failed',
  unknown: 'unknown',
  unreachable: 'unreachable',
  stopped: 'stopped',
  refused: 'refused',
};
const STATUSES: readonly HostResult['status'][] = [
  'converged',
  'failed',
  'unknown',
  'unreachable',
  'refused',
  'stopped',
];

/** The final screen of a run: hosts merged by how they ended, failures with their output, what still differs, what to type next. */
export function renderResultText(view: RunView, options: ResultTextOptions = {}): string {
  const style = makeStyle(options);
  const failures = failureRows(view.failures, style);
  const hiddenFailures = failures.length - MOST_SHOWN;
  const blocks: (readonly string[])[] = [
    hostTable(view, style),
    unreadBlock(notRead(view), style),
    ...failures.slice(0, MOST_SHOWN),
    hiddenFailures > 0 ? [style.paint.dim(`${style.glyph.more} and ${hiddenFailures} other failures`)] : [],
    remainingRows(view, style),
    skipRows(view, style),
    warningRows(view, style),
    closingRows(view, style, options.retry),
  ];
  const filled = blocks.filter((rows) => rows.length > 0);
  return `${filled.map((rows) => rows.join('\n')).join('\n\n')}\n`;
}

interface Row {
  readonly first: HostResult;
  readonly hosts: string[];
  slowest: number;
}

function hostTable(view: RunView, style: Style): readonly string[] {
  const rows = new Map<string, Row>();
  const order = [...view.results].sort((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status));
  for (const result of order) {
    const { status, changed, failed, skipped, unknown, remaining, reason, fix } = result;
    const key = JSON.stringify([status, changed, failed, skipped, unknown, remaining.length, reason, fix]);
    const row = rows.get(key) ?? { first: result, hosts: [], slowest: 0 };
    rows.set(key, row);
    row.hosts.push(result.host);
    row.slowest = Math.max(row.slowest, result.durationMs);
  }
  const names = [...rows.values()].map((row) => style.show(foldHosts(row.hosts)));
  const width = Math.max(0, ...names.map(displayWidth).filter((each) => each <= WIDEST_NAMES));
  return [...rows.values()].flatMap((row, index) => {
    const status = statusWord(row.first, style);
    const time = row.hosts.length > 1 ? `up to ${duration(row.slowest)}` : duration(row.slowest);
    const words = [...countWords(row.first), style.paint.dim(time)].join(', ');
    const name = names[index] ?? '';
    const lead =
      displayWidth(name) > width ? `  ${name}\n${' '.repeat(width + 4)}` : `  ${padDisplay(name, width)}  `;
    const line = `${lead}${padDisplay(status, 11)}  ${words}`;
    const { reason, fix } = row.first;
    return [
      line,
      ...(reason === undefined ? [] : [`      ${wrapProse(style.show(reason), style.width - 6, 6)}`]),
      ...(fix === undefined ? [] : [`      ${style.paint.dim('fix:')} ${style.show(fix)}`]),
    ];
  });
}

/** Hosts that were not read and do not appear among the results. */
function notRead(view: RunView): readonly UnreadHost[] {
  const ended = new Set(view.results.map((result) => result.host));
  return view.unread.filter((unread) => !ended.has(unread.host));
}

function unreadBlock(unread: readonly UnreadHost[], style: Style): readonly string[] {
  return unread.length === 0 ? [] : [style.paint.bold('NOT read'), ...unreadRows(unread, style)];
}

function statusWord(result: HostResult, { paint }: Style): string {
  if (result.status === 'converged') return result.changed === 0 ? paint.dim('in sync') : paint.green('done');
  const colour = result.status === 'failed' ? paint.red : paint.yellow;
  return colour(WORDS[result.status]);
}

function countWords(result: HostResult): readonly string[] {
  const { changed, failed, unknown, skipped, remaining } = result;
  const words: string[] = [];
  if (changed > 0) words.push(`${changed} changed`);
  if (failed > 0) words.push(`${failed} failed`);
  if (unknown > 0) words.push(`${unknown} unknown`);
  if (skipped > 0) words.push(`${skipped} skipped`);
  if (remaining.length > 0) words.push(`${remaining.length} still different`);
  if (result.status === 'converged') words.push('verified');
  return words;
}

function remainingRows(view: RunView, style: Style): readonly string[] {
  const found = new Map<string, { words: string; hosts: string[] }>();
  for (const { host, remaining } of view.results)
    for (const chunk of remaining) {
      const place = style.paint.cyan(style.show(writeLine(chunk.source)));
      const words = `${style.show(chunk.function)} ${style.show(chunk.name)} ${style.glyph.dot} ${place}`;
      const entry = found.get(words) ?? { words, hosts: [] };
      found.set(words, entry);
      entry.hosts.push(host);
    }
  if (found.size === 0) return [];
  const rows = [...found.values()].map(
    ({ words, hosts }) =>
      `  ${paintSign('~', style)} ${words} ${style.glyph.dot} ${style.show(foldHosts(hosts))}`,
  );
  return [style.paint.bold('Still different after everything was done'), ...rows];
}

function skipRows(view: RunView, style: Style): readonly string[] {
  const byReason = new Map<string, { hosts: Set<string>; states: number }>();
  for (const { host, because } of view.skips) {
    const entry = byReason.get(because) ?? { hosts: new Set(), states: 0 };
    byReason.set(because, entry);
    entry.hosts.add(host);
    entry.states++;
  }
  if (byReason.size === 0) return [];
  const rows = [...byReason].slice(0, MOST_SHOWN).map(([because, { hosts, states }]) => {
    const names = style.show(foldHosts([...hosts]));
    return `  ${paintSign('o', style)} ${plural(states, 'state')} ${style.glyph.dot} ${names} ${style.glyph.dot} ${style.show(because)}`;
  });
  const left = byReason.size - rows.length;
  const more = left > 0 ? [`  ${style.glyph.more} and ${left} other reasons`] : [];
  return [style.paint.bold('Skipped'), ...rows, ...more];
}

function warningRows(view: RunView, style: Style): readonly string[] {
  const byMessage = new Map<string, string[]>();
  for (const { host, message } of view.warnings)
    byMessage.set(message, [...(byMessage.get(message) ?? []), ...(host === undefined ? [] : [host])]);
  const rows = [...byMessage].map(([message, hosts]) => {
    const names = hosts.length > 0 ? `${style.show(foldHosts(hosts))} ${style.glyph.dot} ` : '';
    return `  ${paintSign('?', style)} ${names}${style.show(message)}`;
  });
  const left = rows.length - MOST_SHOWN;
  const more = left > 0 ? [`  ${style.glyph.more} and ${left} others`] : [];
  return rows.length === 0 ? [] : [style.paint.bold('Warnings'), ...rows.slice(0, MOST_SHOWN), ...more];
}

function closingRows(view: RunView, style: Style, retry: ResultTextOptions['retry']): readonly string[] {
  const { paint, glyph } = style;
  const count = (status: HostResult['status']) =>
    view.results.filter((result) => result.status === status).length;
  const targeted = Math.max(view.hosts.length, view.results.length);
  const done = count('converged');
  const changed = view.results.reduce((sum, result) => sum + result.changed, 0);
  const unread = notRead(view).length;
  const notStarted = targeted - view.results.length - unread;
  const parts = [
    `${done} of ${plural(targeted, 'host')} done`,
    ...STATUSES.filter((status) => status !== 'converged' && count(status) > 0).map((status) =>
      (status === 'failed' ? paint.red : paint.yellow)(`${count(status)} ${WORDS[status]}`),
    ),
    ...(unread > 0 ? [paint.red(`${unread} NOT read`)] : []),
    ...(notStarted > 0 ? [paint.yellow(`${notStarted} not started`)] : []),
    plural(changed, 'change'),
    duration(view.durationMs),
  ];
  const head = paint.bold(view.run === '' ? 'Result' : `Run ${style.show(view.run)}`);
  const rows = [
    ...joinParts([`${head}: ${parts[0] ?? ''}`, ...parts.slice(1)], ` ${glyph.dot} `, style.width),
  ];
  if (view.stopping !== undefined) rows.push(paint.yellow(`Stopped: ${style.show(view.stopping)}`));
  const ended = new Set(
    view.results.filter((result) => result.status === 'converged').map((result) => result.host),
  );
  const open = [...new Set([...view.hosts, ...view.results.map((result) => result.host)])].filter(
    (host) => !ended.has(host),
  );
  if (open.length > 0 && retry) rows.push(`next: ${style.show(retry(open))}`);
  return rows;
}
