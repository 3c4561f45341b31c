import type { Action, Change, Risk } from '../model/change.ts';
import type { Plan, PlannedChunk } from '../model/plan.ts';
import type { PlanSummary, RiskLine } from '../model/report.ts';
import { isActive } from './group.ts';

const DANGERS: readonly (Risk | 'problem')[] = ['destroy', 'reboot', 'disrupt', 'problem'];

/** When one object changes in several ways, the first of these says what happens to it. */
const STRONGEST: readonly Action[] = ['create', 'remove', 'run', 'restart', 'update'];

/** Counts what a plan does. */
export function summarizePlan(plan: Plan): PlanSummary {
  const byAction: Record<Action, number> = { create: 0, update: 0, remove: 0, run: 0, restart: 0 };
  const count = { unknown: 0, restarts: 0, reboots: 0, destroyed: 0, problems: 0, skipped: 0, inSync: 0 };
  let hostsChanged = 0;
  for (const { chunks } of plan.hosts) {
    if (chunks.some(isActive)) hostsChanged++;
    for (const chunk of chunks) {
      if (chunk.verdict === 'none') count.inSync++;
      if (chunk.verdict === 'skip') count.skipped++;
      if (!isActive(chunk)) continue;
      count.problems += Math.max(chunk.problems.length, chunk.verdict === 'fail' ? 1 : 0);
      if (chunk.verdict === 'maybe') count.unknown += Math.max(1, objectsOf(chunk).size);
      if (chunk.verdict === 'act') for (const action of objectsOf(chunk).values()) byAction[action]++;
      for (const change of everyChange(chunk)) {
        if (change.risk === 'destroy') count.destroyed++;
        if (change.risk === 'reboot') count.reboots++;
        if (change.risk === 'disrupt' && change.action === 'restart') count.restarts++;
      }
    }
  }
  const acting = Object.values(byAction).reduce((sum, each) => sum + each, 0);
  return {
    targeted: plan.targeted,
    read: plan.hosts.length,
    unread: plan.unread.length,
    hostsChanged,
    hostsInSync: plan.hosts.length - hostsChanged,
    changes: acting + count.unknown,
    byAction,
    ...count,
  };
}

/** Every danger and problem of a plan with the hosts it threatens, most dangerous first, then by the number of hosts. */
export function listRisks(plan: Plan): readonly RiskLine[] {
  const lines = new Map<string, RiskLine & { readonly hosts: string[] }>();
  for (const { host, chunks } of plan.hosts)
    for (const chunk of chunks.filter(isActive))
      for (const line of risksOf(chunk)) {
        const { source, ...rest } = line;
        const key = JSON.stringify([rest, source.file, source.line]);
        const known = lines.get(key) ?? { ...line, hosts: [] };
        lines.set(key, known);
        if (known.hosts.at(-1) !== host) known.hosts.push(host);
      }
  return [...lines.values()].sort(
    (a, b) => DANGERS.indexOf(a.risk) - DANGERS.indexOf(b.risk) || b.hosts.length - a.hosts.length,
  );
}

function risksOf(chunk: PlannedChunk): readonly Omit<RiskLine, 'hosts'>[] {
  const { source } = chunk;
  const dangers = everyChange(chunk)
    .filter((change) => DANGERS.includes(change.risk))
    .map(({ risk, object, action, field, why }) => ({
      risk,
      object,
      action,
      field,
      source,
      ...(why === undefined ? {} : { detail: why }),
    }));
  const module = chunk.function.split('.')[0] ?? chunk.function;
  const failing =
    chunk.verdict === 'fail' && chunk.problems.length === 0 ? ['it cannot work'] : chunk.problems;
  const problems = failing.map((detail) => ({
    risk: 'problem' as const,
    object: chunk.changes[0]?.object ?? `${module}:${chunk.name}`,
    action: 'update' as const,
    field: '',
    source,
    detail,
  }));
  return [...dangers, ...problems];
}

/** What happens to each object of a state. */
function objectsOf(chunk: PlannedChunk): ReadonlyMap<string, Action> {
  const objects = new Map<string, Action>();
  for (const { object, action } of chunk.changes) {
    const known = objects.get(object);
    if (known === undefined || STRONGEST.indexOf(action) < STRONGEST.indexOf(known))
      objects.set(object, action);
  }
  return objects;
}

function everyChange(chunk: PlannedChunk): readonly Change[] {
  return chunk.refresh ? [...chunk.changes, chunk.refresh] : chunk.changes;
}
