import type { Redactor } from '../diagnostics/redact.ts';
import type { Change, Risk } from '../model/change.ts';
import type { PlannedChunk } from '../model/plan.ts';
import type { ChangeSymbol, ReportChange, ReportItem } from '../model/report.ts';
import { contentHash, withoutOwnNames } from './canonical.ts';
import { diffText } from './text-diff.ts';

const RISKS: readonly Risk[] = ['read', 'change', 'disrupt', 'reboot', 'destroy'];

/**
 * What one state does, one item for each object it touches, without secrets. Reasons, notes and problems stand with the
 * first item, the refresh with the last.
 */
export function reportItems(chunk: PlannedChunk, host: string, redactor: Redactor): readonly ReportItem[] {
  const byObject = new Map<string, Change[]>();
  for (const change of chunk.changes)
    byObject.set(change.object, [...(byObject.get(change.object) ?? []), change]);
  const module = chunk.function.split('.')[0] ?? chunk.function;
  if (byObject.size === 0) byObject.set(chunk.refresh?.object ?? `${module}:${chunk.name}`, []);
  const clean = (text: string) => redactor.text(text);

  return [...byObject].map(([object, changes], index) => {
    const first = index === 0;
    const last = index === byObject.size - 1;
    const item: Omit<ReportItem, 'id'> = {
      symbol: symbolOf(chunk, changes),
      object: clean(object),
      function: chunk.function,
      source: chunk.source,
      risk: highestRisk(changes, last ? chunk.refresh : undefined),
      changes: changes.map((change) => reportChange(change, redactor)),
      ...(last && chunk.refresh ? { refresh: reportChange(chunk.refresh, redactor) } : {}),
      ...(first && chunk.because !== undefined ? { because: clean(chunk.because) } : {}),
      problems: first ? chunk.problems.map(clean) : [],
      notes: first ? chunk.notes.map(clean) : [],
    };
    return { id: contentHash(withoutOwnNames(item, [host])).slice(0, 16), ...item };
  });
}

function reportChange(change: Change, redactor: Redactor): ReportChange {
  const { object, field, action, risk, certainty, why, text } = change;
  const hunks = text ? diffText(text, (line) => redactor.touches(line)) : [];
  const textNote = text?.hidden ? 'contents are not shown' : text?.note;
  return {
    object: redactor.text(object),
    field,
    action,
    risk,
    certainty,
    // A text is shown by its hunks; whole contents never leave the plan.
    before: text ? null : redactor.deep(change.before),
    after: text ? null : redactor.deep(change.after),
    ...(why === undefined ? {} : { why: redactor.text(why) }),
    hunks: hunks.map((hunk) => ({
      ...hunk,
      lines: hunk.lines.map((line) => (line.masked ? line : { ...line, text: redactor.text(line.text) })),
    })),
    ...(textNote === undefined ? {} : { textNote: redactor.text(textNote) }),
  };
}

function symbolOf(chunk: PlannedChunk, changes: readonly Change[]): ChangeSymbol {
  if (chunk.verdict === 'fail') return 'x';
  if (changes.some((change) => change.risk === 'destroy')) return '!';
  if (chunk.verdict === 'maybe') return '?';
  const actions = new Set(changes.map((change) => change.action));
  if (actions.has('create')) return '+';
  if (actions.has('remove')) return actions.has('update') ? '~' : '-';
  if (actions.has('run')) return '>';
  if (actions.has('update')) return '~';
  if (actions.has('restart')) return 'r';
  if (chunk.refresh === undefined) return '~';
  return chunk.refresh.action === 'run' ? '>' : 'r';
}

function highestRisk(changes: readonly Change[], refresh: Change | undefined): Risk {
  const all = refresh ? [...changes, refresh] : changes;
  const highest = Math.max(0, ...all.map((change) => RISKS.indexOf(change.risk)));
  return RISKS[highest] ?? 'read';
}
