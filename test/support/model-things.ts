import type { Outcome } from '../../lib/model/event.ts';
import type { Chunk } from '../../lib/model/state.ts';
import type { ExaminedChunk, PredictedChunk } from '../../lib/plan/predicted.ts';
import { orderRun } from '../../lib/sls/run-order.ts';
import { examinedOf, thingChunk, type Thing } from './planning.ts';
import type { Run } from './run-program.ts';
import type { Ending, ModelState } from './scheduler-model.ts';

const DOES = { same: 'exit 117', change: 'true', fail: 'exit 3' };

/** A state of the model as a thing: it may come otherwise than the plan thinks. */
function thingOf(state: ModelState, refreshes: boolean): Thing {
  const { name, would, does, requisites } = state;
  const planned = would === 'fail' ? { wants: 'broken' } : would === 'change' ? { wants: '1' } : {};
  return { name, ...planned, refreshes, requisites, script: DOES[does] };
}

/** States of the model, in the order in which slab would run them; undefined when they wait for each other. */
export function inRunningOrder(
  states: readonly ModelState[],
  refreshes: (name: string) => boolean = () => false,
): readonly ExaminedChunk[] | undefined {
  const chunks: Chunk[] = states.map((state, n) => ({
    ...thingChunk(thingOf(state, refreshes(state.name))),
    order: n,
  }));
  const ordered = orderRun(chunks);
  if (ordered.diagnostics.length > 0) return undefined;
  const byName = new Map(states.map((state) => [state.name, state]));
  return ordered.chunks.flatMap((chunk) => {
    const state = byName.get(chunk.name);
    if (state === undefined) return [];
    const settings = { failhard: state.failhard ?? false, forgives: false, notes: [] };
    return [{ ...examinedOf(thingOf(state, refreshes(state.name))), chunk, settings }];
  });
}

/** How the plan says that each state ends. */
export function plannedEndings(predicted: readonly PredictedChunk[]): ReadonlyMap<string, Ending> {
  const ending = ({ planned, broken, leftOut }: PredictedChunk): Ending => {
    if (planned.verdict === 'act') return 'changed';
    if (planned.verdict === 'fail') return 'failed';
    if (planned.verdict === 'none') return 'same';
    if (/failhard/.test(planned.because ?? '')) return 'halted';
    return broken ? 'blocked' : leftOut ? 'left out' : 'idle';
  };
  return new Map(predicted.filter((each) => !each.listener).map((each) => [each.planned.name, ending(each)]));
}

/** How each state really ended; of those with nothing to do nobody is told. */
export function realEndings({ outcomes }: Run): ReadonlyMap<string, Ending> {
  const ending = (outcome: Outcome): Ending => {
    if (outcome.status === 'unchanged') return 'same';
    if (outcome.status !== 'skipped') return outcome.status === 'changed' ? 'changed' : 'failed';
    if (/failhard/.test(outcome.because)) return 'halted';
    if (/^requires/.test(outcome.because)) return 'blocked';
    return /going to change/.test(outcome.because) ? 'idle' : 'left out';
  };
  return new Map(
    Object.entries(outcomes)
      .filter(([name]) => !name.startsWith('listener '))
      .map(([name, outcome]) => [name, ending(outcome)]),
  );
}

/** Listeners that were refreshed at the end. */
export function realListeners({ outcomes }: Run): readonly string[] {
  return Object.entries(outcomes)
    .filter(([name, { status }]) => name.startsWith('listener ') && status === 'changed')
    .map(([name]) => name.slice('listener '.length));
}
