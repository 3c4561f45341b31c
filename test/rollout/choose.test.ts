import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { ArrangedStage } from '../../lib/rollout/arrange.ts';
import { chooseStages, unmetNeeds, type StageChoice } from '../../lib/rollout/choose.ts';
import { beginRollout } from '../../lib/rollout/machine.ts';
import { play, source, stage } from './play.ts';

describe('what stages need', () => {
  /** Stages that need some of those before them, by their places. */
  const needy: fc.Arbitrary<readonly ArrangedStage[]> = fc
    .array(fc.array(fc.nat({ max: 9 }), { maxLength: 3 }), { minLength: 1, maxLength: 6 })
    .map((needs) =>
      needs.map((each, index) => ({
        stage: stage(`s${index}`, {
          needs: [...new Set(each)].filter((at) => at < index).map((at) => ({ name: `s${at}`, source })),
        }),
        batches: [[`host${index}`]],
        allowed: 0,
      })),
    );
  const names = fc.uniqueArray(fc.nat({ max: 5 }).map((at) => `s${at}`));
  const choice: fc.Arbitrary<StageChoice> = fc.oneof(
    fc.constant({}),
    fc.record({ only: names }),
    fc.record({ from: fc.nat({ max: 5 }).map((at) => `s${at}`) }),
    fc.constant({ resume: true }),
  );
  const chosenOf = (stages: readonly ArrangedStage[], passed: readonly string[], chosen: StageChoice) => {
    const known = new Set(passed);
    const left = chooseStages(stages, known, chosen);
    return { left, unmet: unmetNeeds(left, known) };
  };

  it('was passed before a stage begins, before this run or in it, wherever nothing is unmet', () => {
    let begun = 0;
    fc.assert(
      fc.property(
        fc.record({ stages: needy, passed: names, chosen: choice }),
        fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 40 }),
        ({ stages, passed, chosen }, drawn) => {
          const { left, unmet } = chosenOf(stages, passed, chosen);
          if (unmet.length > 0) return;

          const { applied, end } = play(beginRollout(left, 99), drawn);

          const reached = new Set(passed);
          for (const { stage: each, batches } of left) {
            if (!applied.includes(batches[0]?.[0] ?? '')) break;
            begun++;
            for (const { name } of each.needs) assert.ok(reached.has(name), `${each.name} before ${name}`);
            if (end.phase === 'done' || each !== left[end.stage]?.stage) reached.add(each.name);
          }
        },
      ),
      { numRuns: 500 },
    );
    assert.ok(begun > 500, `only ${begun} stages were begun`);
  });

  it('is unmet exactly where it is neither on record nor among the stages before it in the run', () => {
    fc.assert(
      fc.property(needy, names, choice, (stages, passed, chosen) => {
        const { left, unmet } = chosenOf(stages, passed, chosen);

        const expected = left.flatMap(({ stage: { name, needs } }, at) =>
          needs
            .filter((need) => !passed.includes(need.name))
            .filter((need) => !left.slice(0, at).some((each) => each.stage.name === need.name))
            .map((need) => [name, need.name]),
        );
        assert.deepEqual(
          unmet.map((each) => [each.stage.name, each.need.name]),
          expected,
        );
      }),
    );
  });

  it('is met in a whole roll-out, and in one that is gone on with', () => {
    fc.assert(
      fc.property(needy, fc.nat({ max: 6 }), (stages, done) => {
        const passed = stages.slice(0, done).map((each) => each.stage.name);

        assert.deepEqual(chosenOf(stages, [], {}).unmet, []);
        assert.deepEqual(chosenOf(stages, passed, { resume: true }).unmet, []);
        assert.equal(chosenOf(stages, passed, { resume: true }).left.length, stages.length - passed.length);
      }),
    );
  });
});
