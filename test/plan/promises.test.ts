import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Kind } from '../../lib/model/resource.ts';
import { predictHost } from '../../lib/plan/predict.ts';
import { examinedOf, keyOf, type Thing } from '../support/planning.ts';

describe('a plan', () => {
  it('lets a state hang on who promised what it stands on, and leaves it out when that fails', () => {
    const later: Thing = { name: 'later', wants: '1', standsOn: ['maker', 'nobody'] };
    const [maker, after] = [examinedOf({ name: 'maker', wants: '1' }), examinedOf(later)];
    const diff: Kind['diff'] = (...words) => ({ ...maker.kind.diff(...words), shortfalls: ['a part'] });

    const [, promised] = predictHost([maker, after]);
    const [, idle] = predictHost([examinedOf({ name: 'maker', wants: '1', has: '1' }), after]);
    const [, nothing] = predictHost([maker, examinedOf({ ...later, has: '1' })]);
    const [, fails] = predictHost([{ ...maker, kind: { ...maker.kind, diff } }, after]);

    assert.deepEqual(
      [promised, idle, nothing].map((each) => [each?.planned.verdict, each?.standsOn]),
      [
        ['act', [keyOf('maker')]],
        ['act', []],
        ['none', []],
      ],
    );
    assert.deepEqual(
      [fails?.planned.verdict, fails?.planned.because, fails?.broken],
      ['skip', 'requires thing.set maker, which fails', true],
    );
  });
});
