import { writeLine } from '../diagnostics/place.ts';
import { displayWidth } from '../diagnostics/width.ts';
import type { Json } from '../model/json.ts';
import type { ChangeSymbol, ReportChange, ReportItem } from '../model/report.ts';
import { hunkRows } from './hunk-text.ts';
import { objectWords, spread, wrapProse } from './style.ts';
import type { Style } from './style.ts';

/** Fields that need no name beside their object. */
const PLAIN_FIELDS = new Set(['value', 'version', 'contents', 'exists', 'run', 'restart']);

/** One object's changes: sign, name and place in a line, then everything about it, indented. */
export function itemRows(item: ReportItem, style: Style, linesOfText: number): readonly string[] {
  const { paint } = style;
  const rows: string[] = [];
  // What only runs because of another state is shown as what runs anyway.
  const runs = item.changes.length === 0 && item.refresh?.action === 'run';
  const changes = runs ? [item.refresh] : item.changes;
  const shown = changes.map((change) => differenceWords(change, style));
  const [only] = changes.length === 1 ? shown : [];
  const inLine = only && displayWidth(only) < 50 ? only : '';
  const name = style.show(objectWords(item.object));
  const restart = item.symbol === 'r' ? ` ${refreshVerb(item)}` : '';
  const left = `  ${paintSign(item.symbol, style)} ${paint.bold(name)}${restart}${inLine ? `  ${inLine}` : ''}`;
  rows.push(spread(left, paint.cyan(style.show(writeLine(item.source))), style.width));

  const say = (label: string, text: string, colour = paint.dim) =>
    rows.push(
      `      ${colour(label)}  ${wrapProse(style.show(text), style.width - 8 - label.length, 8 + label.length)}`,
    );
  if (item.because !== undefined) say('because', item.because);
  changes.forEach((change, index) => {
    const words = shown[index] ?? '';
    if (words && words !== inLine) rows.push(`      ${words}`);
    for (const row of hunkRows(change.hunks, style, linesOfText)) rows.push(row);
    if (change.textNote !== undefined) say('contents', change.textNote);
    if (change.why !== undefined) say('because', change.why);
  });
  if (item.changes.some((change) => change.certainty === 'provisional') && item.symbol !== '?')
    say('note', 'seen before earlier steps of this plan; it may differ when its turn comes');
  for (const note of item.notes) say('note', note);
  for (const problem of item.problems) say('problem', problem, paint.red);
  if (item.refresh && !runs && item.symbol !== 'r') rows.push(`      ${refreshRow(item.refresh, style)}`);
  else if (!runs && item.refresh?.why !== undefined) say('because', item.refresh.why);
  return rows.flatMap((row) => row.split('\n'));
}

/** Paints the sign of a change; the sign says it all, the colour only helps. */
export function paintSign(sign: ChangeSymbol | '=' | 'o' | '*', { paint }: Style): string {
  if (sign === '+') return paint.green(sign);
  if (sign === '!' || sign === '-' || sign === 'x') return paint.red(sign);
  return sign === '=' || sign === 'o' ? paint.dim(sign) : paint.yellow(sign);
}

function refreshVerb(item: ReportItem): string {
  const field = item.refresh?.field ?? item.changes[0]?.field;
  return field === 'reload' ? 'reloads' : field === 'run' ? 'runs' : 'restarts';
}

function refreshRow(refresh: ReportChange, style: Style): string {
  const verb = refresh.action === 'run' ? 'run' : refresh.field === 'reload' ? 'reload' : 'restart';
  const why = refresh.why === undefined ? '' : `, ${style.show(refresh.why)}`;
  const sign = refresh.action === 'run' ? '>' : 'r';
  return `${paintSign(sign, style)} ${verb} ${style.show(objectWords(refresh.object))}${why}`;
}

/** `mode 0644 → 0600`, `128 → 4096`, `6.1.112-1`; empty where the sign and the diff say it all. */
function differenceWords(change: ReportChange, style: Style): string {
  const { field, action, before, after } = change;
  const label = PLAIN_FIELDS.has(field) ? '' : `${style.show(field)} `;
  const from = shownValue(before, style);
  const to = shownValue(after, style);
  const danger = change.risk === 'destroy' ? style.paint.red(', destroys data') : '';
  if (field === 'exists') return danger;
  if (from === '' && to === '') {
    const name = PLAIN_FIELDS.has(field) ? '' : label.trim();
    const unknown = name !== '' && change.certainty === 'provisional' ? ' is not known yet' : '';
    return name + unknown + danger;
  }
  if (from === '') return `${label}${action === 'update' ? `${style.glyph.arrow} ` : ''}${to}${danger}`;
  return `${label}${from} ${style.glyph.arrow} ${to === '' ? 'nothing' : to}${danger}`;
}

function shownValue(value: Json, style: Style): string {
  if (value === null) return '';
  if (value === '') return '""';
  return style.show(typeof value === 'string' ? value : JSON.stringify(value));
}
