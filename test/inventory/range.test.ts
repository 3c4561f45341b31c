import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { foldHosts } from '../../lib/inventory/fold.ts';
import { expandRange } from '../../lib/inventory/range.ts';

describe('expandRange', () => {
  const CASES: readonly (readonly [string, readonly string[]])[] = [
    ['web1', ['web1']],
    ['web[1:3]', ['web1', 'web2', 'web3']],
    ['web[008:010].x', ['web008.x', 'web009.x', 'web010.x']],
    ['db-[a:c]', ['db-a', 'db-b', 'db-c']],
    ['DB[A:B]', ['DBA', 'DBB']],
    ['r[1:2]-n[01:02]', ['r1-n01', 'r1-n02', 'r2-n01', 'r2-n02']],
    ['n[1:9:4]', ['n1', 'n5', 'n9']],
    ['web[001-003,007]', ['web001', 'web002', 'web003', 'web007']],
    ['10.0.4.[1:3]', ['10.0.4.1', '10.0.4.2', '10.0.4.3']],
  ];
  for (const [text, names] of CASES)
    it(`expands ${text}`, () => {
      assert.deepEqual(expandRange(text).names, names);
    });

  const MALFORMED: readonly (readonly [string, RegExp])[] = [
    ['web[1:3', /bracket/],
    ['web1:3]', /bracket/],
    ['web[3:1]', /counts down/],
    ['web[1:3:0]', /step of 0/],
    ['web[a:3]', /neither numbers/],
    ['web[a:C]', /neither numbers/],
    ['web[]', /no range/],
    ['web[7]', /no range/],
    ['web[1:]', /neither numbers/],
    ['web[1:999999]', /more than 100000/],
    ['a[1:1000]b[1:1000]', /more than 100000/],
    ['a[1:60000,1:60000]', /more than 100000/],
  ];
  for (const [text, reason] of MALFORMED)
    it(`refuses ${text}`, () => {
      assert.match(expandRange(text).problem ?? '', reason);
    });
});

describe('foldHosts', () => {
  const CASES: readonly (readonly [readonly string[], string])[] = [
    [[], ''],
    [['web1'], 'web1'],
    [['web1', 'web2', 'web3'], 'web[1-3]'],
    [['web3', 'web1', 'web2', 'web7'], 'web[1-3,7]'],
    [['web098', 'web099', 'web100'], 'web[098-100]'],
    [['web9', 'web10'], 'web[9-10]'],
    [['web0', 'web1', 'web10'], 'web[0-1,10]'],
    [['web1', 'web01'], 'web1,web01'],
    [['r1-n01.lan', 'r1-n02.lan', 'r2-n01.lan'], 'r1-n[01-02].lan,r2-n01.lan'],
    [['db-a', 'db-b'], 'db-a,db-b'],
    [['web1', 'web1'], 'web1'],
  ];
  for (const [names, text] of CASES)
    it(`folds ${names.join(' ') || 'nothing'}`, () => {
      assert.equal(foldHosts(names), text);
    });

  it('shows six pieces of more than eight, and counts the rest', () => {
    const names = [...Array(20).keys()].map((number) => `web${number * 2}`);

    assert.equal(foldHosts(names), 'web[0,2,4,6,8,10] and 14 more');
    assert.equal(foldHosts(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']), 'a,b,c,d,e,f and 3 more');
    assert.equal(foldHosts(['a', 'b', 'c'], 2), 'a,b and 1 more');
    assert.equal(foldHosts(['a', 'b', 'c'], 0), '3 hosts');
  });

  it('writes what expands to the same hosts', () => {
    const name = fc
      .tuple(
        fc.constantFrom('web', 'r1-n', 'db-', ''),
        fc.nat(120),
        fc.nat(3),
        fc.constantFrom('', '.lan', '-x'),
      )
      .map(([prefix, number, width, suffix]) => prefix + String(number).padStart(width, '0') + suffix);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 60 }), (names) => {
        const pieces = foldHosts(names, Infinity).split(/,(?![^[]*\])/);

        const expanded =
          names.length === 0 ? [] : pieces.flatMap((piece) => expandRange(piece).names ?? [piece]);

        assert.deepEqual(expanded.toSorted(), names.toSorted());
      }),
    );
  });
});
