import { foldHosts } from '../diagnostics/fold.ts';
import type { PlanGroup, PlanReport, PlanSummary, ReportItem } from '../model/report.ts';
import { diskRows } from './disk-text.ts';
import { itemRows, paintSign } from './item-text.ts';
import { riskRows } from './risk-text.ts';
import { unreadRows } from './unread-text.ts';
import { duration, joinParts, makeStyle, plural } from './style.ts';
import type { Style, StyleOptions } from './style.ts';
import { clipDisplay, displayWidth, padDisplay } from '../diagnostics/width.ts';

/** How a plan is shown. */
export interface PlanTextOptions extends StyleOptions {
  /** The command that shows it: an apply or a deploy goes on with it, so it says neither read-only nor what to type next. */
  readonly command?: 'plan' | 'apply' | 'deploy' | 'diff';
  /** The revisions that a diff compares: no host was asked. */
  readonly between?: { readonly from: string; readonly to: string };
  /** The command that would do it, to be typed next. */
  readonly apply?: string;
  /** Show every group and every line of new files. */
  readonly full?: boolean;
}

/** Beyond these, groups are listed but not shown in full, and a text is cut, unless all is asked for. */
const GROUPS_IN_FULL = 6;
const LINES_OF_TEXT = 40;
/** With more groups than this a table of them comes first. */
const GROUPS_WITHOUT_TABLE = 3;

/** The plan as a person reads it: what was read, every risk, groups of equal changes, counts, and what to type next. */
export function renderPlanText(report: PlanReport, options: PlanTextOptions = {}): string {
  const style = makeStyle(options);
  const { paint, glyph } = style;
  const dot = ` ${glyph.dot} `;
  const { summary, groups, risks } = report;
  const changing = groups.filter((group) => !group.inSync);
  const shown = options.full ? changing : changing.slice(0, GROUPS_IN_FULL);
  const lines = options.full ? Infinity : LINES_OF_TEXT;

  const head = [
    `slab ${options.command ?? 'plan'}`,
    style.show(report.environment),
    plural(summary.targeted, 'host'),
    ...(goesOn(options) || options.between !== undefined ? [] : ['read-only']),
  ];
  const blocks: (readonly string[])[] = [
    [paint.bold(head.join(dot)), ...coverageRows(report, style, options)],
    riskRows(risks, style),
    groups.length > GROUPS_WITHOUT_TABLE ? groupTable(groups, style) : [],
    ...shown.map((group) => groupRows(group, style, lines)),
    hiddenRow(changing.slice(shown.length), style),
    diskRows(report.disks, style, options.full === true),
    inSyncRow(groups, style, options),
    closingRows(summary, style, options),
  ];
  const filled = blocks.filter((rows) => rows.length > 0);
  return `${filled.map((rows) => rows.join('\n')).join('\n\n')}\n`;
}

function goesOn({ command }: PlanTextOptions): boolean {
  return command === 'apply' || command === 'deploy';
}

function coverageRows(report: PlanReport, style: Style, { between }: PlanTextOptions): readonly string[] {
  const { read, targeted } = report.summary;
  const took = `${read} of ${plural(targeted, 'host')} in ${duration(report.durationMs)}`;
  const first =
    between === undefined
      ? `Read ${took}`
      : `Compiled ${took}: ${style.show(between.from)} ${style.glyph.arrow} ${style.show(between.to)}; no host was asked`;
  if (report.unread.length === 0) return [first];
  const what = between === undefined ? 'NOT read' : 'NOT compared';
  const notRead = style.paint.red(`${what}: ${plural(report.unread.length, 'host')}`);
  return [`${first} ${style.glyph.dot} ${notRead}`, ...unreadRows(report.unread, style)];
}

function groupTable(groups: readonly PlanGroup[], style: Style): readonly string[] {
  const labels = Math.max(...groups.map((group) => group.label.length));
  const counts = Math.max(...groups.map((group) => plural(group.hosts.length, 'host').length));
  const folded = groups.map((group) => style.show(foldHosts(group.hosts)));
  const names = Math.min(36, Math.max(...folded.map(displayWidth)));
  const rows = groups.map((group, index) => {
    const what = group.inSync ? style.paint.dim('in sync') : shortWords(group, style);
    const odd = group.odd ? ` ${style.glyph.dot} ${style.paint.yellow('odd one out')}` : '';
    const count = plural(group.hosts.length, 'host').padStart(counts);
    const name = padDisplay(clipDisplay(folded[index] ?? '', names), names);
    const head = `  ${style.paint.bold(group.label.padEnd(labels))}  ${count}  ${name}  `;
    const room = style.width - displayWidth(head) - displayWidth(odd);
    return head + clipPainted(what, room, style) + odd;
  });
  return [style.paint.bold('Groups of identical changes'), ...rows];
}

/** `2 changes  ~ nginx.conf  ~ net.core.somaxconn`, or `as A, ! nvme-S5H9`. */
function shortWords(group: PlanGroup, style: Style): string {
  const items = group.like ? group.like.more : group.items;
  const words = items.map((item) => `${item.symbol} ${style.show(lastPart(item.object))}`);
  const head = group.like ? `as ${group.like.label}${words.length > 0 ? ', ' : ''}` : '';
  return head + words.join('  ');
}

function lastPart(object: string): string {
  const name = object.slice(object.indexOf(':') + 1);
  return name.split('/').filter(Boolean).at(-1) ?? name;
}

function clipPainted(text: string, width: number, style: Style): string {
  const clipped = clipDisplay(text, Math.max(10, width));
  return clipped.endsWith('…') ? clipped.slice(0, -1) + style.glyph.more : clipped;
}

function groupRows(group: PlanGroup, style: Style, linesOfText: number): readonly string[] {
  const dot = ` ${style.glyph.dot} `;
  const { like, hosts, items } = group;
  const names = style.show(foldHosts(hosts));
  const parts = [group.label, hosts.length > 3 ? `${plural(hosts.length, 'host')} ${names}` : names];
  if (like)
    parts.push(like.more.length > 0 ? `as ${like.label}, and ${like.more.length} more` : `as ${like.label}`);
  else parts.push(countWords(items) + (hosts.length > 1 ? ' each' : ''));
  if (group.odd) parts.push('odd one out');
  if (group.ownNames) parts.push(`each with its own name, shown for ${style.show(group.example)}`);
  const rows = (like ? like.more : items).flatMap((item) => itemRows(item, style, linesOfText));
  return [style.paint.bold(parts.join(dot)), ...rows];
}

/** `2 changes and 1 restart`: what only restarts is no change of its own. */
function countWords(items: readonly ReportItem[]): string {
  const restarts = items.filter((item) => item.symbol === 'r').length;
  const changes = items.length - restarts;
  if (restarts === 0) return plural(changes, 'change');
  return changes === 0
    ? plural(restarts, 'restart')
    : `${plural(changes, 'change')} and ${plural(restarts, 'restart')}`;
}

function hiddenRow(hidden: readonly PlanGroup[], style: Style): readonly string[] {
  if (hidden.length === 0) return [];
  const hosts = hidden.reduce((sum, group) => sum + group.hosts.length, 0);
  const first = hidden[0]?.label ?? '';
  const last = hidden.at(-1)?.label ?? '';
  const range = hidden.length === 1 ? `Group ${first}` : `Groups ${first} to ${last}`;
  return [style.paint.dim(`${range} (${plural(hosts, 'host')}) not shown in full; add --full`)];
}

function inSyncRow(
  groups: readonly PlanGroup[],
  style: Style,
  { between }: PlanTextOptions,
): readonly string[] {
  const group = groups.find((each) => each.inSync);
  if (!group || groups.length > GROUPS_WITHOUT_TABLE) return [];
  const names = style.show(foldHosts(group.hosts));
  return [
    `${paintSign('=', style)} ${plural(group.hosts.length, 'host')} ${between === undefined ? 'in sync' : 'unchanged'}: ${names}`,
  ];
}

function closingRows(summary: PlanSummary, style: Style, options: PlanTextOptions): readonly string[] {
  const { paint, glyph } = style;
  const dot = ` ${glyph.dot} `;
  const isDiff = options.between !== undefined;
  const states = isDiff ? `${plural(summary.inSync, 'state')} unchanged` : `${summary.inSync} in sync`;
  const name = isDiff ? 'Diff' : 'Plan';
  const missed = `${summary.unread} NOT ${isDiff ? 'compared' : 'read'}`;
  if (summary.hostsChanged === 0) {
    const unread = summary.unread > 0 ? dot + paint.red(missed) : '';
    const nothing = isDiff ? 'the same is declared for' : 'nothing to do on';
    return [
      paint.bold(`${name}: ${nothing} ${plural(summary.read, 'host')}${dot}${states}`) + unread,
      ...(isDiff ? [] : ['Nothing was changed.']),
    ];
  }
  const hosts =
    summary.hostsChanged === summary.read
      ? plural(summary.read, 'host')
      : `${summary.hostsChanged} of ${plural(summary.read, 'host')} change`;
  const kinds = Object.entries({ ...summary.byAction, unknown: summary.unknown })
    .filter(([, count]) => count > 0)
    .map(([action, count]) => `${count} ${action}`);
  const parts = [
    `${name}: ${hosts}`,
    plural(summary.changes, 'change') + (kinds.length > 0 ? ` (${kinds.join(', ')})` : ''),
    ...(summary.restarts > 0 ? [plural(summary.restarts, 'restart')] : []),
    ...(summary.reboots > 0 ? [paint.yellow(plural(summary.reboots, 'reboot'))] : []),
    ...(isDiff && summary.destroyed === 0
      ? []
      : [summary.destroyed > 0 ? paint.red(`${summary.destroyed} destroyed`) : '0 destroyed']),
    ...(summary.problems > 0 ? [paint.red(plural(summary.problems, 'problem'))] : []),
    states,
    ...(summary.unread > 0 ? [paint.red(missed)] : []),
  ];
  const rows = joinParts(parts, dot, style.width);
  if (goesOn(options)) return rows;
  if (isDiff) return [...rows, 'What is declared changes so; what would change on the hosts: slab plan'];
  const next = options.apply === undefined ? '' : `   Apply: ${style.show(options.apply)}`;
  return [...rows, `Nothing was changed.${next}`];
}
