import { writePlace } from '../diagnostics/place.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Hunk, PlanGroup, PlanReport, ReportChange, ReportItem, RiskLine } from '../model/report.ts';
import { contentHash } from './canonical.ts';
import { planSchema } from './plan.schema.ts';

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;

/**
 * The plan as a document for programs, format `slab.plan/1` (`planSchema`). Every change is there once under its hash and
 * groups name it. `planId` depends on what would be done, not on when it was found out.
 */
export function planToJson(report: PlanReport): JsonObject {
  const { summary, unread, risks, groups } = report;
  const changing = groups.filter((group) => !group.inSync);
  const done = {
    environment: report.environment,
    coverage: {
      targeted: summary.targeted,
      read: summary.read,
      unread: unread.map(({ host, code, reason, fix }) => ({ host, code, reason, ...given({ fix }) })),
    },
    summary: { ...summary },
    risks: risks.map(riskJson),
    groups: groups.map(groupJson),
    changes: Object.fromEntries(
      changing.flatMap((group) => group.items).map((item) => [item.id, itemJson(item)]),
    ),
    disks: Object.fromEntries(
      report.disks.map(({ host, disks }) => [host, disks.map((disk) => ({ ...disk }))]),
    ),
    hosts: Object.fromEntries(
      groups.flatMap((group) => group.hosts.map((host) => [host, { group: group.label }])),
    ),
  } satisfies Record<string, Json>;
  return {
    format: planSchema.$id,
    planId: `sha256:${contentHash(done)}`,
    createdAt: report.madeAt,
    durationMs: report.durationMs,
    ...done,
  };
}

/** How what is declared changes, as a document for programs: a plan's with the two revisions, `slab.diff/1`. */
export function diffToJson(
  report: PlanReport,
  between: { readonly from: string; readonly to: string },
): JsonObject {
  const document = Object.entries(planToJson(report)).filter(([key]) => key !== 'format' && key !== 'planId');
  return {
    format: 'slab.diff/1',
    base: between.from,
    head: between.to,
    ...Object.fromEntries(document),
  };
}

function riskJson(line: RiskLine): Json {
  const { risk, object, action, field, hosts, source, detail } = line;
  return { class: risk, object, action, field, hosts, source: writePlace(source), ...given({ detail }) };
}

function groupJson(group: PlanGroup): Json {
  const { label, hosts, example, ownNames, odd, inSync, items } = group;
  const changes = items.map((item) => item.id);
  return {
    id: label,
    hash: contentHash(changes),
    count: hosts.length,
    hosts,
    example,
    ownNames,
    odd,
    inSync,
    changes,
  };
}

function itemJson(item: ReportItem): Json {
  const { source } = item;
  return {
    object: item.object,
    function: item.function,
    symbol: item.symbol,
    risk: item.risk,
    source: { file: source.file, line: source.line, column: source.column },
    differences: item.changes.map(changeJson),
    ...(item.refresh ? { refresh: changeJson(item.refresh) } : {}),
    ...given({ because: item.because }),
    problems: item.problems,
    notes: item.notes,
  };
}

function changeJson(change: ReportChange): Json {
  const { object, field, action, risk, certainty, before, after, why, hunks, textNote } = change;
  return {
    object,
    field,
    action,
    risk,
    certainty,
    before,
    after,
    ...given({ why, note: textNote }),
    ...(hunks.length > 0 ? { diff: { kind: 'text', hunks: hunks.map(hunkJson) } } : {}),
  };
}

function hunkJson(hunk: Hunk): Json {
  return {
    before: hunk.before,
    after: hunk.after,
    lines: hunk.lines.map((line) => SIGNS[line.kind] + line.text),
  };
}

/** The fields that have a value. */
function given(fields: Readonly<Record<string, string | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
