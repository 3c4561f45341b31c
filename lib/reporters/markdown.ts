import { foldHosts } from '../diagnostics/fold.ts';
import { writeLine } from '../diagnostics/place.ts';
import type { Hunk, PlanGroup, PlanReport, ReportChange, ReportItem, RiskLine } from '../model/report.ts';
import { clip, code, comment, html, visible, words } from './markdown-text.ts';
import { plural } from './style.ts';

/** How a plan is written as Markdown. */
export interface MarkdownOptions {
  /** The revisions of a diff; a plan has none. */
  readonly between?: { readonly from: string; readonly to: string };
  /** What a reader has to know of the way it was found out. */
  readonly notes?: readonly string[];
  /** The most characters there may be: GitHub takes 65,536 in a comment. */
  readonly limit?: number;
}

const LIMIT = 60_000;
/** A single change does not take more than this from the others. */
const LONGEST_CHANGE = 8_000;

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;
const RISK_WORDS: Readonly<Record<RiskLine['risk'], string>> = {
  destroy: '🛑 destroys data',
  reboot: '🔁 reboot',
  disrupt: '⚠️ disrupts',
  problem: '❌ problem',
  change: 'change',
  read: 'read',
};

/**
 * A plan, or a diff of two revisions, for the comment of a pull request: the head, every risk and every group are there whole,
 * then the groups' changes in the order of their danger until the limit is reached, and a line that says what is not shown.
 * Texts from states and hosts cannot end the table, the code block or the comment that they stand in.
 */
export function renderMarkdown(report: PlanReport, options: MarkdownOptions = {}): string {
  const { limit = LIMIT } = options;
  const changing = report.groups.filter((group) => !group.inSync);
  const must = [
    ...headRows(report, options),
    ...unreadRows(report),
    ...riskRows(report.risks),
    ...groupRows(report.groups),
  ].join('\n');
  const closing = closingRow(report, options);
  let left = limit - must.length - closing.length - 200;
  const shown: string[] = [];
  const hidden: PlanGroup[] = [];
  for (const group of byDanger(changing)) {
    const text = groupDetails(group);
    if (text.length > left) hidden.push(group);
    else {
      shown.push(text);
      left -= text.length + 1;
    }
  }
  const rest = hidden.length === 0 ? [] : [`_Not shown for want of room: ${hiddenWords(hidden)}._\n`];
  return clip([must, ...shown, ...rest, closing].join('\n'), limit);
}

function headRows(report: PlanReport, { between, notes = [] }: MarkdownOptions): readonly string[] {
  const { summary } = report;
  const name = between === undefined ? 'plan' : 'diff';
  const what =
    summary.hostsChanged === 0
      ? 'nothing changes'
      : `${summary.hostsChanged} of ${plural(summary.read, 'host')} change`;
  const way =
    between === undefined
      ? `Read from ${summary.read} of ${plural(summary.targeted, 'host')}. Nothing was changed.`
      : `${code(between.from)} → ${code(between.to)}, compiled for ${plural(summary.read, 'host')}; no host was asked, so what is declared anew may be so already.`;
  return [
    `<!-- slab:${name} ${comment(report.environment)} -->`,
    `### slab ${name} · ${words(report.environment)} · ${what}`,
    '',
    `> ${way}`,
    ...notes.flatMap((note) => ['>', `> ⚠️ ${words(note)}`]),
    '',
  ];
}

function unreadRows({ unread, summary }: PlanReport): readonly string[] {
  if (unread.length === 0) return [];
  const byReason = new Map<string, string[]>();
  for (const { host, reason } of unread) byReason.set(reason, [...(byReason.get(reason) ?? []), host]);
  return [
    `**Nothing is known of ${plural(summary.unread, 'host')}**`,
    '',
    ...[...byReason].map(([reason, hosts]) => `- ${code(foldHosts(hosts), Infinity)}: ${words(reason)}`),
    '',
  ];
}

function riskRows(risks: readonly RiskLine[]): readonly string[] {
  if (risks.length === 0) return [];
  const rows = risks.map(({ risk, object, field, action, hosts, source, detail }) => {
    const what =
      risk === 'problem'
        ? ''
        : ` ${action === 'restart' ? `${field}s` : field === 'exists' ? action : field}`;
    const why = detail === undefined ? '' : `: ${words(detail)}`;
    return `| ${RISK_WORDS[risk]} | ${hosts.length} · ${code(foldHosts(hosts), Infinity)} | ${code(object)}${what}${why} | ${code(writeLine(source))} |`;
  });
  return ['**Risks (complete)**', '', '| | Hosts | What | Where |', '|---|---|---|---|', ...rows, ''];
}

function groupRows(groups: readonly PlanGroup[]): readonly string[] {
  if (groups.length === 0) return [];
  const rows = groups.map((group) => {
    const odd = group.odd ? ' ⚠️ odd one out' : '';
    return `| ${group.label}${odd} | ${group.hosts.length} · ${code(foldHosts(group.hosts), Infinity)} | ${groupWords(group)} |`;
  });
  return ['**Groups of identical changes**', '', '| Group | Hosts | Changes |', '|---|---|---|', ...rows, ''];
}

function groupWords(group: PlanGroup): string {
  if (group.inSync) return 'none';
  const { like, items } = group;
  const shown = like ? like.more : items;
  const list = shown.slice(0, 6).map((item) => `${item.symbol} ${code(item.object)}`);
  const more = shown.length > 6 ? [`and ${shown.length - 6} more`] : [];
  return [...(like ? [`as ${like.label}`] : []), ...list, ...more].join(', ');
}

const DANGER: readonly ReportItem['risk'][] = ['read', 'change', 'disrupt', 'reboot', 'destroy'];

/** Most dangerous groups first; among equals as they are. */
function byDanger(groups: readonly PlanGroup[]): readonly PlanGroup[] {
  const danger = (group: PlanGroup): number =>
    group.items.reduce(
      (most, { symbol, risk }) => Math.max(most, symbol === 'x' ? 9 : DANGER.indexOf(risk)),
      0,
    );
  return [...groups].sort((a, b) => danger(b) - danger(a));
}

function groupDetails(group: PlanGroup): string {
  const items = group.like ? group.like.more : group.items;
  const { like } = group;
  const more = like === undefined || like.more.length === 0 ? '' : `, and ${like.more.length} more`;
  const as = like === undefined ? '' : ` · as ${like.label}${more}`;
  const own = group.ownNames ? ` · each with its own name, shown for ${html(group.example)}` : '';
  return [
    `<details><summary>${group.label} · ${plural(group.hosts.length, 'host')} · ${html(foldHosts(group.hosts))}${as}${own}</summary>`,
    '',
    ...items.map((item) => clip(itemText(item), LONGEST_CHANGE)),
    '</details>',
    '',
  ].join('\n');
}

function itemText(item: ReportItem): string {
  const lines = [`${item.symbol} ${code(item.object)} · ${code(writeLine(item.source))}`, ''];
  const said = item.changes.map(changeWords).filter((text) => text !== '');
  if (item.because !== undefined) said.push(`because ${words(item.because)}`);
  said.push(...item.notes.map((note) => `note: ${words(note)}`));
  said.push(...item.problems.map((problem) => `problem: ${words(problem)}`));
  if (item.refresh !== undefined)
    said.push(
      `${item.refresh.field} ${code(item.refresh.object)}${item.refresh.why === undefined ? '' : `, ${words(item.refresh.why)}`}`,
    );
  lines.push(...said.map((text) => `- ${text}`));
  const blocks = item.changes.flatMap(({ hunks }) => (hunks.length > 0 ? ['', ...fenced(hunks)] : []));
  return `${[...lines, ...blocks].join('\n')}\n`;
}

function changeWords({ field, before, after, why, hunks, textNote, action }: ReportChange): string {
  const value = (json: unknown): string => code(typeof json === 'string' ? json : JSON.stringify(json));
  const reason = why === undefined ? '' : `: ${words(why)}`;
  const note = textNote === undefined ? '' : ` (${words(textNote)})`;
  if (field === 'exists') return why === undefined ? '' : words(why);
  if (hunks.length > 0) return `${words(field)}${note}${reason}`;
  if (before === null && after === null) return `${words(field)} changes${note}${reason}`;
  if (before === null) return `${words(field)} ${action === 'create' ? '' : '→ '}${value(after)}${reason}`;
  return `${words(field)} ${value(before)} → ${after === null ? 'nothing' : value(after)}${reason}`;
}

/** A code block that nothing in it can end. */
function fenced(hunks: readonly Hunk[]): readonly string[] {
  const lines = hunks.flatMap((hunk) => [
    `@@ -${hunk.before} +${hunk.after} @@`,
    ...hunk.lines.map((line) => SIGNS[line.kind] + visible(line.text)),
  ]);
  // Not as arguments: a file may have more lines than a call takes.
  const longest = lines.reduce((most, line) => Math.max(most, /`+/.exec(line)?.[0].length ?? 0), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}diff`, ...lines, fence];
}

function closingRow(report: PlanReport, { between }: MarkdownOptions): string {
  const { summary } = report;
  const counts = [
    plural(summary.changes, 'change'),
    ...(summary.restarts > 0 ? [plural(summary.restarts, 'restart')] : []),
    ...(summary.problems > 0 ? [plural(summary.problems, 'problem')] : []),
    `${summary.inSync} ${between === undefined ? 'in sync' : 'unchanged'}`,
  ];
  return `${counts.join(' · ')}\n`;
}

function hiddenWords(groups: readonly PlanGroup[]): string {
  const labels = groups.map((group) => group.label);
  const shown = labels.slice(0, 20).join(', ');
  return `group${labels.length === 1 ? '' : 's'} ${shown}${labels.length > 20 ? ` and ${labels.length - 20} more` : ''}; --format json has all`;
}
