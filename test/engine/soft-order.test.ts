import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { orderByNeeds } from '../../lib/engine/soft-order.ts';
import { declaredOf, type Thing } from '../support/planning.ts';

function order(...things: readonly Thing[]): readonly string[] {
  return orderByNeeds(things.map(declaredOf)).map((each) => each.chunk.name);
}

describe('orderByNeeds', () => {
  it('keeps the order of the files when nothing is needed', () => {
    assert.deepEqual(order({ name: 'b' }, { name: 'a' }), ['b', 'a']);
  });

  it('moves what is needed before what needs it', () => {
    assert.deepEqual(order({ name: 'file', needs: ['user'] }, { name: 'other' }, { name: 'user' }), [
      'user',
      'file',
      'other',
    ]);
  });

  it('moves what the needed one requires along with it', () => {
    assert.deepEqual(
      order(
        { name: 'file', needs: ['user'] },
        { name: 'group' },
        { name: 'user', requisites: [['require', 'group']] },
      ),
      ['group', 'user', 'file'],
    );
  });

  it('lets a written requisite win over a need', () => {
    assert.deepEqual(
      order({ name: 'file', needs: ['user'] }, { name: 'user', requisites: [['require', 'file']] }),
      ['file', 'user'],
    );
  });

  it('never loses or repeats a state, and never turns a requisite round', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const arbitraryThings = fc.tuple(
      ...names.map((name, i) =>
        fc.record({
          name: fc.constant(name),
          needs: fc.subarray(names),
          requires: fc.subarray(names.slice(0, i)),
        }),
      ),
    );
    fc.assert(
      fc.property(arbitraryThings, (rows) => {
        const things = rows.map((row): Thing => ({
          name: row.name,
          needs: row.needs,
          requisites: row.requires.map((target) => ['require', target] as const),
        }));

        const ordered = order(...things);

        assert.deepEqual([...ordered].sort(), names);
        for (const row of rows) {
          for (const target of row.requires) assert.ok(ordered.indexOf(target) < ordered.indexOf(row.name));
        }
      }),
    );
  });
});
