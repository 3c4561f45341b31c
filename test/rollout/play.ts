import assert from 'node:assert/strict';
import type { RolloutStage } from '../../lib/model/rollout.ts';
import { happened, next, type RolloutEvent, type RolloutState } from '../../lib/rollout/machine.ts';

export const source = { file: 'rollout.yaml', line: 1, column: 1 };

/** A stage of which nothing is said but what is given. */
export function stage(name: string, rest: Partial<RolloutStage> = {}): RolloutStage {
  return {
    ...{ name, source, target: '*', needs: [], gates: [], soakMs: 0, allowEmpty: false },
    batch: { size: { count: 1 }, pauseMs: 0 },
    budget: { count: 0 },
    ...rest,
  };
}

/** Plays a roll-out: what the world answers is drawn. */
export function play(
  begun: RolloutState,
  draws: readonly number[],
): { readonly end: RolloutState; readonly applied: readonly string[]; readonly steps: number } {
  let state = begun;
  const applied: string[] = [];
  for (let step = 0; ; step++) {
    const action = next(state);
    if (action.do === 'end') return { end: state, applied, steps: step };
    const draw = draws[step % draws.length] ?? 0;
    let event: RolloutEvent = { is: 'waited' };
    if (action.do === 'apply') {
      applied.push(...action.hosts);
      const failed = action.hosts.filter((_, index) => (draw + index) % 5 === 4);
      event = { is: 'applied', done: action.hosts.filter((name) => !failed.includes(name)), failed };
    } else if (action.do === 'gates') event = { is: 'gates', red: draw % 11 === 10 ? ['gate x'] : [] };
    else if (action.do === 'soak' && draw % 7 === 6) event = { is: 'gates', red: ['gate y'] };
    assert.ok(step < 1000);
    state = happened(state, event);
  }
}
