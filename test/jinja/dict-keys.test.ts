import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';

import { dictDelete, dictGet, dictHas, dictSet } from '../../lib/jinja/python/dict.ts';
import { sameOrEqual } from '../../lib/jinja/python/equality.ts';
import { toFloat, tuple } from '../../lib/jinja/python/value.ts';
import type { Val } from '../../lib/jinja/python/value.ts';
import { render } from './render.ts';

const plain: fc.Arbitrary<() => Val> = fc.constantFrom<(() => Val)[]>(
  ...[0, 1, 2, 3, -1].flatMap((number) => [() => number, () => toFloat(number)]),
  () => true,
  () => false,
  () => null,
  () => '1',
  () => 'k',
  () => toFloat(0.5),
  () => toFloat(-0),
  () => 2n ** 70n,
  () => toFloat(2 ** 70),
  () => toFloat(Infinity),
);

const key = fc.oneof(
  plain,
  fc.array(plain, { maxLength: 2 }).map((items) => () => tuple(items.map((item) => item()))),
  fc.nat({ max: 30 }).map((number) => () => `filler${number}`),
);

const operation = fc.tuple(fc.constantFrom('set', 'set', 'set', 'get', 'delete'), key);

describe('a dict', () => {
  it('finds 1, 1.0 and True, and tuples of them, as one key, however large it is', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120 }), (operations) => {
        const dict = new Map<Val, Val>();
        let model: readonly (readonly [Val, number])[] = [];
        for (const [i, [name, make]] of operations.entries()) {
          const wanted = make();
          const known = model.find(([other]) => sameOrEqual(other, wanted));
          assert.equal(dictHas(dict, wanted), known !== undefined);
          assert.equal(dictGet(dict, wanted), known?.[1]);
          if (name === 'set') {
            dictSet(dict, wanted, i);
            model =
              known === undefined
                ? [...model, [wanted, i]]
                : model.map((entry) => (entry === known ? [entry[0], i] : entry));
          } else if (name === 'delete') {
            assert.equal(dictDelete(dict, wanted), known !== undefined);
            model = model.filter((entry) => entry !== known);
          }
        }
        assert.deepEqual([...dict], model);
      }),
      { numRuns: 300, seed: 20261128 },
    );
  });

  for (const name of ['i + 0.5', '(i, "k")'])
    it(`takes 20,000 keys such as ${name} in fewer steps than a walk would need`, () => {
      const template = `{% set d = {} %}{% for i in range(20000) %}{% do d.update({${name}: i}) %}{% endfor %}{{ d | length }}`;

      assert.equal(render(template, { options: { stepLimit: 400_000 } }), '20000');
    });

  it('forgets what was taken out of it and what was cleared', () => {
    assert.equal(
      render(
        '{% set d = {} %}{% for i in range(20) %}{% do d.update({i + 0.5: i}) %}{% endfor %}{% do d.pop(3.5) %}{% do d.popitem() %}{{ 3.5 in d }}{{ 19.5 in d }}{{ d[4.5] }}{% do d.clear() %}{{ 4.5 in d }}{{ d }}',
      ),
      'FalseFalse4False{}',
    );
    assert.equal(
      render(
        '{% set d = {} %}{% for i in range(20) %}{% do d.update({i + 0.5: i}) %}{% endfor %}{{ 4.5 in d }}{% do d.clear() %}{% for i in range(20) %}{% do d.update({"k" ~ i: i}) %}{% endfor %}{{ 4.5 in d }}',
      ),
      'TrueFalse',
    );
  });

  it('is made of keys alone by dict.fromkeys', () => {
    assert.equal(
      render('{{ dict.fromkeys([1, "a"], 3) }}{{ dict.fromkeys("ab") }}{{ dict.nope is defined }}'),
      "{1: 3, 'a': 3}{'a': None, 'b': None}False",
    );
  });
});
