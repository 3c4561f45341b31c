import type { Host } from '../model/inventory.ts';
import type { Amount, RolloutStage } from '../model/rollout.ts';

/** A stage with the hosts that it changes, batch by batch. */
export interface ArrangedStage {
  readonly stage: RolloutStage;
  readonly batches: readonly (readonly string[])[];
  /** So many failures are let pass. */
  readonly allowed: number;
}

/**
 * Divides a stage's hosts into batches: hosts of earlier stages are left out, those to pick are picked, and hosts with the
 * same value of the label to spread by are kept apart as long as others are left.
 * @param hosts those that the stage's target picks, in the order of the inventory.
 * @param rank the place of a host's role in the stage's order: no batch has hosts of two.
 * @param taken hosts of earlier stages. Hosts of another environment are called by its name and theirs: `lab/web01`.
 */
export function arrangeStage(
  stage: RolloutStage,
  hosts: readonly Host[],
  taken: ReadonlySet<string>,
  rank: (host: Host) => number = () => 0,
): ArrangedStage {
  const left = hosts.filter(
    ({ name }) => !taken.has(stage.environment === undefined ? name : `${stage.environment}/${name}`),
  );
  const { prefer, count = left.length } = stage.pick ?? {};
  const wanted = (host: Host): boolean =>
    prefer !== undefined && host.labels.get(prefer.label) === prefer.value;
  const picked = [...left.filter(wanted), ...left.filter((host) => !wanted(host))].slice(0, count);
  const { size, max = Infinity, spreadBy } = stage.batch;
  const each = Math.max(1, Math.min(max, amountOf(size, picked.length, 'up')));
  const ranks = [...new Set(picked.map(rank))].sort((a, b) => a - b);
  const batches = ranks.flatMap((place) => {
    const role = picked.filter((host) => rank(host) === place);
    const names = (spreadBy === undefined ? role : spread(role, spreadBy)).map(({ name }) =>
      stage.environment === undefined ? name : `${stage.environment}/${name}`,
    );
    return Array.from({ length: Math.ceil(names.length / each) }, (_, index) =>
      names.slice(index * each, (index + 1) * each),
    );
  });
  return { stage, batches, allowed: amountOf(stage.budget, picked.length, 'down') };
}

/** How many of so many hosts an amount is. A share of what may fail is rounded down, one of what is begun up. */
export function amountOf(amount: Amount, of: number, round: 'up' | 'down'): number {
  if ('count' in amount) return amount.count;
  const exact = (amount.percent * of) / 100;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}

/** Takes from each value's hosts in turn, so that neighbours differ. */
function spread(hosts: readonly Host[], label: string): readonly Host[] {
  const byValue = new Map<string, Host[]>();
  for (const host of hosts) {
    const value = host.labels.get(label) ?? '';
    byValue.set(value, [...(byValue.get(value) ?? []), host]);
  }
  const rows = [...byValue.values()];
  const longest = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: longest }, (_, index) => rows.flatMap((row) => row[index] ?? [])).flat();
}
