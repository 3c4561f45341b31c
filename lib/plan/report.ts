import { createRedactor } from '../diagnostics/redact.ts';
import type { Redactor } from '../diagnostics/redact.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanGroup, PlanReport, ReportItem } from '../model/report.ts';
import { groupHosts, isActive } from './group.ts';
import type { HostGroup } from './group.ts';
import { reportItems } from './report-item.ts';
import { listRisks, summarizePlan } from './summary.ts';

/**
 * Makes of a plan what people and programs are shown: identical changes once, counts, every risk, text as hunks, and no
 * secret that the redactor knows.
 */
export function reportPlan(plan: Plan, redactor: Redactor = createRedactor()): PlanReport {
  const groups: PlanGroup[] = [];
  for (const group of groupHosts(plan)) groups.push(reportGroup(group, groups, redactor));
  return {
    environment: plan.environment,
    madeAt: plan.madeAt,
    durationMs: plan.durationMs,
    summary: summarizePlan(plan),
    unread: plan.unread.map((host) => ({ ...host, reason: redactor.text(host.reason) })),
    risks: listRisks(plan).map((line) => ({
      ...line,
      object: redactor.text(line.object),
      ...(line.detail === undefined ? {} : { detail: redactor.text(line.detail) }),
    })),
    groups,
    disks: plan.hosts.flatMap(({ host, chunks }) => {
      const disks = chunks.flatMap((chunk) => chunk.disks ?? []);
      return disks.length === 0
        ? []
        : [
            {
              host,
              disks: disks.map((disk) => ({ ...disk, words: disk.words.map((text) => redactor.text(text)) })),
            },
          ];
    }),
  };
}

function reportGroup(group: HostGroup, earlier: readonly PlanGroup[], redactor: Redactor): PlanGroup {
  const { example, ...rest } = group;
  const items = example.chunks
    .filter(isActive)
    .flatMap((chunk) => reportItems(chunk, example.host, redactor));
  const like = likeEarlier(items, earlier);
  return { ...rest, example: example.host, items, ...(like ? { like } : {}) };
}

/** The earlier group with the most changes all of which are done here too. */
function likeEarlier(items: readonly ReportItem[], earlier: readonly PlanGroup[]): PlanGroup['like'] {
  const ids = new Set(items.map((item) => item.id));
  const [best] = earlier
    .filter((group) => group.items.length > 0 && group.items.every((item) => ids.has(item.id)))
    .sort((a, b) => b.items.length - a.items.length);
  if (!best) return undefined;
  const theirs = new Set(best.items.map((item) => item.id));
  return { label: best.label, more: items.filter((item) => !theirs.has(item.id)) };
}
