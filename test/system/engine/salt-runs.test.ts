import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import { predictHost } from '../../../lib/plan/predict.ts';
import { inRunningOrder, plannedEndings, realEndings, realListeners } from '../../support/model-things.ts';
import { runProgram, SHELLS } from '../../support/run-program.ts';
import { runModel, type Ending, type ModelState } from '../../support/scheduler-model.ts';

interface SaltCase {
  readonly states: readonly {
    readonly name: string;
    readonly refreshes?: boolean;
    readonly failhard?: boolean;
    readonly requisites?: ModelState['requisites'];
  }[];
  readonly runs: Readonly<Record<'same' | 'changed' | 'failed', readonly (readonly [string, string])[]>>;
}

const file = new URL('../../engine/salt-runs.yaml', import.meta.url);
const cases = Object.entries(parse(readFileSync(file, 'utf8')) as Readonly<Record<string, SaltCase>>);

/** What every state does, and what it would do when a prereq tries it. */
const MODES = {
  same: { would: 'same', does: 'same' },
  changed: { would: 'change', does: 'change' },
  failed: { would: 'change', does: 'fail' },
} as const;

/** Salt's word for an ending, as ours. */
function endingOf(word: string, mode: keyof typeof MODES): Ending {
  if (word === 'skip:prereq') return 'idle';
  if (word.startsWith('skip:')) return 'left out';
  if (word.startsWith('fail:')) return 'blocked';
  return mode === 'changed' ? 'changed' : mode === 'failed' ? 'failed' : 'same';
}

for (const [name, { states, runs }] of cases) {
  describe(`Salt's run of ${name}`, () => {
    // After trying a prereq's target Salt runs it although what it requires failed; slab does not.
    const looksAhead = states.some((state) => state.requisites?.some(([type]) => type === 'prereq'));
    for (const mode of looksAhead
      ? (['same', 'changed'] as const)
      : (['same', 'changed', 'failed'] as const)) {
      const salt = runs[mode].filter(([state]) => !state.startsWith('listener '));
      const fired = runs[mode].flatMap(([state]) => /^listener (.*)$/.exec(state)?.[1] ?? []);
      const expected = new Map(salt.map(([state, word]) => [state, endingOf(word, mode)]));
      const things = states.map((state) => ({ requisites: [], ...state, ...MODES[mode] }));
      const refreshes = (state: string) => states.find((each) => each.name === state)?.refreshes ?? false;

      it(`is what the model of it does when all is ${mode}`, () => {
        const run = runModel(things);

        const ran = [...run.ends].filter(([, end]) => end !== 'halted');
        assert.deepEqual(new Map(ran), expected);
        assert.deepEqual(
          run.order.slice(0, salt.length),
          salt.map(([state]) => state),
        );
      });

      it(`is the order and the ending of every state on a host when all is ${mode}`, () => {
        // Nobody expects the failures: the plan thinks that all will change.
        const planned = things.map(
          (state) => ({ ...state, would: mode === 'same' ? 'same' : 'change' }) as const,
        );
        const examined = inRunningOrder(planned, refreshes) ?? [];

        assert.deepEqual(
          examined.map((each) => each.chunk.name).slice(0, salt.length),
          salt.map(([state]) => state),
        );
        if (mode !== 'failed') assert.deepEqual(plannedEndings(predictHost(examined)), expected);
        for (const shell of SHELLS) {
          const run = runProgram(shell, examined);
          for (const [state, end] of realEndings(run))
            if (end !== 'halted') assert.equal(end, expected.get(state), state);
          assert.deepEqual(realListeners(run), fired);
        }
      });
    }
  });
}
