import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { compareNames, foldHosts, nameHosts } from '../../lib/diagnostics/fold.ts';
import { expandHosts } from '../support/expand-hosts.ts';

const numbered = (head: string, width: number, numbers: readonly number[]) =>
  numbers.map((n) => head + String(n).padStart(width, '0'));

describe('foldHosts', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['nothing', [], ''],
    ['one name', ['web01'], 'web01'],
    ['a name without a number', ['mail'], 'mail'],
    ['neighbours', ['web02', 'web01', 'web03'], 'web[01-03]'],
    ['a gap', ['web001', 'web002', 'web004'], 'web[001-002,004]'],
    ['doubles once', ['web1', 'web1'], 'web1'],
    ['numbers that grow a digit', ['web9', 'web10', 'web11'], 'web[9-11]'],
    ['padded and unpadded apart', ['web1', 'web01', 'web2', 'web02'], 'web[1-2] web[01-02]'],
    ['the last number of a name', ['db-r1-04', 'db-r1-05', 'db-r2-04'], 'db-r1-[04-05] db-r2-04'],
    ['domains', ['web1.example.org', 'web2.example.org'], 'web[1-2].example.org'],
    ['addresses', ['10.0.0.9', '10.0.0.10'], '10.0.0.[9-10]'],
    ['several families in natural order', ['web2', 'lb1', 'web1', 'mail'], 'lb1 mail web[1-2]'],
  ];
  for (const [title, names, expected] of cases)
    it(`folds ${title}`, () => {
      assert.equal(foldHosts(names), expected);
    });

  it('writes six pieces and the number of hosts left when there are more than eight', () => {
    const odd = Array.from({ length: 37 }, (_, i) => 2 * i + 1);

    assert.equal(foldHosts(numbered('web', 3, odd)), 'web[001,003,005,007,009,011] and 31 more');
  });

  it('writes eight pieces in full', () => {
    assert.equal(foldHosts(numbered('w', 2, [1, 3, 5, 7, 9, 11, 13, 15])), 'w[01,03,05,07,09,11,13,15]');
  });

  it('never loses, adds or renames a host', () => {
    const name = fc.oneof(
      fc.stringMatching(/^[a-z]{1,3}-?\d{1,4}$/),
      fc.stringMatching(/^[ab]\d{0,3}[cd]?(\.e\d)?$/),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 60 }), (names) => {
        const back = expandHosts(foldHosts(names, Infinity));

        assert.deepEqual([...back].sort(), [...new Set(names)].sort());
      }),
    );
  });
});

describe('nameHosts', () => {
  it('names a few one by one, in their order', () => {
    assert.equal(nameHosts(['web2', 'web1', 'db1']), 'web2, web1, db1');
  });

  it('names many as ranges and leaves none out, however many pieces those are', () => {
    const odd = Array.from({ length: 9 }, (_, i) => 2 * i + 1);

    assert.equal(nameHosts(numbered('web', 2, odd)), 'web[01,03,05,07,09,11,13,15,17]');
  });
});

describe('compareNames', () => {
  it('counts numbers by value', () => {
    assert.deepEqual(['web10', 'web2', 'db1'].sort(compareNames), ['db1', 'web2', 'web10']);
  });
});
