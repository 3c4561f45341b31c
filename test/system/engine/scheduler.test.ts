import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import type { RequisiteType } from '../../../lib/model/state.ts';
import { predictHost } from '../../../lib/plan/predict.ts';
import { inRunningOrder, plannedEndings, realEndings, realListeners } from '../../support/model-things.ts';
import { runProgram, SHELLS } from '../../support/run-program.ts';
import { runModel, type ModelState } from '../../support/scheduler-model.ts';

const TYPES: readonly RequisiteType[] = [
  ...(['require', 'require_any', 'watch', 'watch_any', 'onchanges', 'onchanges_any'] as const),
  ...(['onfail', 'onfail_any', 'onfail_all', 'prereq', 'listen'] as const),
];
const act = fc.constantFrom('same' as const, 'change' as const, 'fail' as const);

/** States that name each other in any way; what waits for itself is left out by whoever uses this. */
function states(surprises: boolean): fc.Arbitrary<readonly ModelState[]> {
  return fc.integer({ min: 2, max: 7 }).chain((count) => {
    const names = Array.from({ length: count }, (_, n) => `s${n}`);
    const requisite = fc.tuple(
      fc.constantFrom(...TYPES),
      fc.subarray(names, { minLength: 1, maxLength: Math.min(3, count) }),
    );
    const one = (name: string) =>
      fc
        .record({
          act,
          does: act,
          failhard: fc.integer({ min: 0, max: 9 }),
          wanted: fc.array(requisite, { maxLength: 2 }),
        })
        .map((each): ModelState => ({
          name,
          would: each.act,
          // What the plan knows to fail is never begun.
          does: surprises && each.act === 'change' ? each.does : each.act,
          failhard: each.failhard === 0,
          requisites: each.wanted
            .map(([type, targets]) => [type, ...targets.filter((target) => target !== name)] as const)
            .filter(([, ...targets]) => targets.length > 0),
        }));
    return fc.tuple(...names.map(one));
  });
}

const seed = Number(process.env['SLAB_SEED'] ?? 20_261_128);
const numRuns = Number(process.env['SLAB_RUNS'] ?? 150);

describe('the scheduler', () => {
  it(`orders states, and foresees how each ends, as Salt would have it (seed ${seed})`, () => {
    let looked = 0;
    fc.assert(
      fc.property(states(false), (some) => {
        const examined = inRunningOrder(some, () => true);
        if (examined === undefined) return;
        looked += 1;
        const model = runModel(some);

        assert.deepEqual(
          examined.map((each) => each.chunk.name),
          model.order,
        );
        const predicted = predictHost(examined);
        assert.deepEqual(plannedEndings(predicted), model.ends);
        const listeners = predicted.filter((each) => each.listener && each.planned.verdict === 'act');
        assert.deepEqual(new Set(listeners.map((each) => each.planned.name)), new Set(model.listeners));
      }),
      { seed, numRuns: numRuns * 20 },
    );
    assert.ok(looked > numRuns, `only ${looked} trees without a cycle`);
  });

  for (const shell of SHELLS.slice(0, 2))
    it(`ends every state on ${shell.join(' ')} as Salt would, whatever fails that nobody expects (seed ${seed})`, () => {
      fc.assert(
        fc.property(states(true), (some) => {
          const examined = inRunningOrder(some, () => true);
          if (examined === undefined) return;
          const model = runModel(some);
          const run = runProgram(shell, examined);

          for (const [name, end] of realEndings(run)) assert.equal(end, model.ends.get(name), name);
          assert.deepEqual(new Set(realListeners(run)), new Set(model.listeners));
        }),
        { seed, numRuns },
      );
    });
});
