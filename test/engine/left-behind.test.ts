import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { readLeft, readLive } from '../../lib/engine/left-behind.ts';
import { assignLeft } from '../../lib/plan/assign-left.ts';
import { stateId } from '../../lib/plan/left-behind.ts';
import { predictHost } from '../../lib/plan/predict.ts';
import { examinedOf, keyOf } from '../support/planning.ts';

const [cause, reaction, other] = ['cause', 'reaction', 'other'].map((name) => stateId(keyOf(name)));

function answerOf(...lines: readonly string[]) {
  const stdout = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return { name: 'left', code: 0, stdout, stderr: '', durationMs: 0 };
}

const read = (...lines: readonly string[]) => readLeft(answerOf(...lines));

const OWED = `/var/lib/slab/runs/r1-r2/owed-${reaction}-${cause}\t{"state":"thing.set reaction","cause":"thing.set cause"}`;
const BEGUN = `/run/slab/left/r1-r2/begun-${other}\t{"state":"thing.set other"}`;
const WHO = '/run/slab/left/r1-r2/run\t{"run":"r2","who":"anna, run r2"}';

/** The second is in sync and reacts to the first. */
const seen = [
  examinedOf({ name: 'cause', wants: '1', has: '1' }),
  examinedOf({ name: 'reaction', refreshes: true, requisites: [['watch', 'cause']] }),
  examinedOf({ name: 'other', wants: '1' }),
];

describe('what a host says earlier runs left undone', () => {
  it('makes a reaction due although nothing changes now, with its reason', () => {
    const { examined } = assignLeft(seen, read(OWED), { unknown: 'refuse', whole: true });

    const [, reacts] = predictHost(examined).map(({ planned }) => planned);

    assert.equal(reacts?.verdict, 'act');
    assert.equal(reacts.because, 'owed since run r2: thing.set cause changed, and this did not follow');
  });

  it('makes an onchanges due, and not one whose other requisites fail', () => {
    const needs = [['onchanges', 'cause'] as const, ['require', 'other'] as const];
    const verdicts = ['1', 'broken'].map((wants) => {
      const states = [
        ...[seen[0] ?? assert.fail(), examinedOf({ name: 'other', wants })],
        examinedOf({ name: 'reaction', wants: '1', requisites: needs }),
      ];
      const { examined } = assignLeft(states, read(OWED), { unknown: 'refuse', whole: true });
      return predictHost(examined).at(-1)?.planned.verdict;
    });

    assert.deepEqual(verdicts, ['act', 'skip']);
  });

  it('makes a refresh due that listens', () => {
    const states = [
      seen[0] ?? assert.fail(),
      examinedOf({ name: 'reaction', refreshes: true, requisites: [['listen', 'cause']] }),
    ];
    const listener = predictHost([examinedOf({ name: 'cause', wants: '1' }), ...states.slice(1)]).find(
      (each) => each.listener,
    );
    const line = `/var/lib/slab/runs/r1-r2/owed-${stateId(listener?.planned.key ?? assert.fail())}-${cause}\t{}`;

    const { examined, gone } = assignLeft(states, read(line), { unknown: 'refuse', whole: true });

    assert.equal(gone.size, 0);
    assert.match(
      predictHost(examined).at(-1)?.planned.because ?? '',
      /at the end of the run, owed since run r2/,
    );
  });

  for (const [unknown, verdict] of [
    ['refuse', 'fail'],
    ['run', 'act'],
    ['skip', 'act'],
  ] as const)
    it(`makes what may have run a question: ${unknown}`, () => {
      const { examined, again } = assignLeft(seen, read(WHO, BEGUN), { unknown, whole: true });

      const planned = predictHost(examined).at(-1)?.planned;

      assert.equal(planned?.verdict, verdict);
      assert.deepEqual(again, unknown === 'run' ? [other] : []);
      if (unknown === 'refuse') assert.match(planned.problems.join(), /began it \(anna, run r2\)/);
      if (unknown === 'skip') assert.equal(planned.changes[0]?.after, 'taken for done');
    });

  it('is not what a run is at work on: that one is named, also where its own words are lost', () => {
    const answer = answerOf('live r2\t{"run":"r2","who":"anna, run r2"}', 'live r3\t', OWED);

    assert.deepEqual(readLive(answer), ['anna, run r2', 'run r3']);
    assert.deepEqual([...readLeft(answer).owed.keys()], [reaction]);
  });

  it('takes as done only what was done by the run that is gone on with', () => {
    const line = `/var/lib/slab/runs/r1-r2/done-${other}\t`;

    const verdicts = ['r1', 'r2', undefined].map((origin) => {
      const terms = { unknown: 'refuse', whole: true, ...(origin === undefined ? {} : { origin }) } as const;
      return predictHost(assignLeft(seen, read(line), terms).examined).at(-1)?.planned.verdict;
    });

    assert.deepEqual(verdicts, ['none', 'act', 'act']);
  });

  it('is gone when nobody declares it, but not when only some states were asked for', () => {
    const gone = [true, false].map((whole) => [
      ...assignLeft(seen.slice(0, 1), read(WHO, OWED, BEGUN), { unknown: 'refuse', whole }).gone.values(),
    ]);

    assert.deepEqual(gone, [
      [
        'run r2 owed thing.set reaction a reaction to thing.set cause',
        'run r2 began thing.set other and nobody knows whether it ended',
      ],
      [],
    ]);
  });

  it('is read whatever the files hold: names alone decide', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (words, noise) => {
        const text = words.replace(/[\n\t]/g, ' ');
        const left = read(
          `/var/lib/slab/runs/a-b/owed-${reaction}-${cause}\t${text}`,
          noise.replaceAll('/', ''),
        );
        return left.owed.has(reaction ?? '') && left.begun.size === 0;
      }),
    );
  });
});
