import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Host } from '../../lib/model/inventory.ts';
import type { RolloutStage } from '../../lib/model/rollout.ts';
import { amountOf, arrangeStage, type ArrangedStage } from '../../lib/rollout/arrange.ts';
import { beginRollout, happened, next, untouched } from '../../lib/rollout/machine.ts';
import { play, source, stage } from './play.ts';

function host(name: string, labels: Readonly<Record<string, string>> = {}): Host {
  return {
    ...{ name, transport: 'ssh', become: { method: 'none', askPassword: false }, kind: 'vm', groups: [] },
    labels: new Map(Object.entries(labels)),
    vars: new Map(),
    source,
  };
}

const hosts = (...names: readonly string[]): readonly Host[] => names.map((name) => host(name));

describe('a stage with an order of roles', () => {
  it('has no batch with hosts of two roles, and begins them in the order', () => {
    const roles: Readonly<Record<string, number>> = { p1: 1, s1: 0, s2: 0, s3: 0, x: 2 };
    const all = { batch: { size: { count: 2 }, pauseMs: 0 } };

    const { batches } = arrangeStage(
      stage('one', all),
      hosts('p1', 'x', 's1', 's2', 's3'),
      new Set(),
      ({ name }) => roles[name] ?? 9,
    );

    assert.deepEqual(batches, [['s1', 's2'], ['s3'], ['p1'], ['x']]);
  });
});

describe('a stage', () => {
  const cases: readonly (readonly [
    string,
    Partial<RolloutStage>,
    readonly Host[],
    readonly (readonly string[])[],
  ])[] = [
    ['takes one host after the other', {}, hosts('a', 'b'), [['a'], ['b']]],
    ['takes all at once', { batch: { size: { percent: 100 }, pauseMs: 0 } }, hosts('a', 'b'), [['a', 'b']]],
    [
      'rounds a share up',
      { batch: { size: { percent: 40 }, pauseMs: 0 } },
      hosts('a', 'b', 'c'),
      [['a', 'b'], ['c']],
    ],
    [
      'takes no more than the most',
      { batch: { size: { percent: 100 }, max: 2, pauseMs: 0 } },
      hosts('a', 'b', 'c'),
      [['a', 'b'], ['c']],
    ],
    [
      'picks the preferred first',
      { pick: { count: 1, prefer: { label: 'canary', value: 'yes' } } },
      [host('a'), host('b', { canary: 'yes' })],
      [['b']],
    ],
    [
      'spreads by a label',
      { batch: { size: { count: 2 }, spreadBy: 'rack', pauseMs: 0 } },
      [
        host('a', { rack: '1' }),
        host('b', { rack: '1' }),
        host('c', { rack: '2' }),
        host('d', { rack: '2' }),
      ],
      [
        ['a', 'c'],
        ['b', 'd'],
      ],
    ],
    [
      'takes the same rounding whatever the order',
      { batch: { size: { percent: 50 }, pauseMs: 0 } },
      hosts('a', 'b', 'c', 'd'),
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['calls hosts of another environment by its name', { environment: 'lab' }, hosts('a'), [['lab/a']]],
  ];
  for (const [what, rest, given, batches] of cases)
    it(what, () => assert.deepEqual(arrangeStage(stage('s', rest), given, new Set()).batches, batches));

  it('leaves out the hosts of earlier stages', () =>
    assert.deepEqual(arrangeStage(stage('s'), hosts('a', 'b'), new Set(['a'])).batches, [['b']]));

  it('rounds down what may fail', () =>
    assert.deepEqual([amountOf({ percent: 30 }, 9, 'down'), amountOf({ count: 3 }, 1, 'down')], [2, 3]));

  it('puts every host in exactly one batch', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/)),
        fc.integer({ min: 1, max: 100 }),
        (names, percent) => {
          const { batches } = arrangeStage(
            stage('s', { batch: { size: { percent }, spreadBy: 'rack', pauseMs: 0 } }),
            names.map((name) => host(name, { rack: name[0] ?? '' })),
            new Set(),
          );
          assert.deepEqual(batches.flat().sort(), [...names].sort());
        },
      ),
    );
  });
});

/** Stages of some hosts, with what is allowed to fail, and pauses and soaks here and there. */
const arranged: fc.Arbitrary<readonly ArrangedStage[]> = fc
  .array(
    fc.record({
      batches: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 }),
      allowed: fc.integer({ min: 0, max: 2 }),
      soakMs: fc.constantFrom(0, 1000),
      pauseMs: fc.constantFrom(0, 1000),
    }),
    { maxLength: 4 },
  )
  .map((stages) =>
    stages.map(({ batches, allowed, soakMs, pauseMs }, index) => ({
      stage: stage(`s${index}`, { soakMs, batch: { size: { count: 1 }, pauseMs } }),
      batches: batches.map((size, batch) =>
        Array.from({ length: size }, (_, at) => `s${index}-${batch}-${at}`),
      ),
      allowed,
    })),
  );

describe('a roll-out', () => {
  const draws = fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 40 });

  it('ends; applies no host twice and in order; and every host is done, failed or untouched', () => {
    fc.assert(
      fc.property(arranged, draws, fc.integer({ min: 0, max: 5 }), (stages, drawn, allowed) => {
        const all = stages.flatMap(({ batches }) => batches.flat());

        const { end, applied } = play(beginRollout(stages, allowed), drawn);

        assert.deepEqual(applied, all.slice(0, applied.length));
        assert.deepEqual([...end.done, ...end.failed, ...untouched(end)].sort(), [...all].sort());
        assert.deepEqual([...end.done, ...end.failed].sort(), [...applied].sort());
        assert.equal(end.phase === 'done', applied.length === all.length && end.reason === undefined);
        assert.equal(end.phase === 'halted', end.reason !== undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('never begins a batch when more failed than was allowed', () => {
    fc.assert(
      fc.property(arranged, draws, fc.integer({ min: 0, max: 5 }), (stages, drawn, allowed) => {
        const { end } = play(beginRollout(stages, allowed), drawn);

        if (end.phase !== 'halted') {
          assert.ok(end.failed.length <= allowed);
          for (const { batches, allowed: here } of stages)
            assert.ok(end.failed.filter((name) => batches.flat().includes(name)).length <= here);
        }
      }),
    );
  });

  it('does nothing more once it has halted', () => {
    const [one] = [{ stage: stage('s'), batches: [['a']], allowed: 0 }];
    const halted = happened(beginRollout([one], 0), { is: 'stopped', reason: 'enough' });

    assert.deepEqual(next(halted), { do: 'end' });
    assert.deepEqual(happened(halted, { is: 'waited' }), halted);
    assert.deepEqual(untouched(halted), ['a']);
  });

  it('says that a gate was red before it began', () => {
    const begun = beginRollout([{ stage: stage('s'), batches: [['a']], allowed: 0 }], 0);

    assert.equal(
      happened(begun, { is: 'gates', red: ['gate http: down'] }).reason,
      'red before s began: gate http: down',
    );
  });
});
