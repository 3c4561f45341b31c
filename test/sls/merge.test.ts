import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { MergeStrategy } from '../../lib/model/salt-options.ts';
import type { Value } from '../../lib/model/value.ts';
import { mergeDicts } from '../../lib/sls/merge.ts';
import { traverse } from '../../lib/sls/traverse.ts';
import { dictOf, jsonOf } from './dict-of.ts';

const one = '{a: {x: 1, l: [1, 2], n: {p: 1}}, only_one: 1, l: [a], s: one, t: {k: v}}';
const two = '{a: {y: 2, l: [2, 3], n: {q: 2}}, only_two: 2, l: [b], s: two, t: string now}';

describe('mergeDicts', () => {
  const deep = {
    a: { x: 1, l: [2, 3], n: { p: 1, q: 2 }, y: 2 },
    ...{ only_one: 1, l: ['b'], s: 'two', t: 'string now', only_two: 2 },
  };
  const flat = {
    a: { y: 2, l: [2, 3], n: { q: 2 } },
    ...{ only_one: 1, l: ['b'], s: 'two', t: 'string now', only_two: 2 },
  };
  const strategies: [MergeStrategy, object][] = [
    ['smart', deep],
    ['recurse', deep],
    ['none', deep],
    ['overwrite', flat],
    ['aggregate', flat],
  ];
  for (const [strategy, expected] of strategies)
    it(`merges as Salt does by ${strategy}`, () => {
      assert.deepEqual(jsonOf(mergeDicts(dictOf(one), dictOf(two), strategy)), expected);
    });

  it('puts equal keys side by side by list, and drops keys of the second alone', () => {
    const merged = mergeDicts(dictOf('{a: 1, b: 2}'), dictOf('{a: 3, c: 4}'), 'list');

    assert.deepEqual(jsonOf(merged), { a: [1, 3], b: 2 });
  });

  it('joins lists without repeating, when asked to', () => {
    const merged = mergeDicts(
      dictOf('{a: {l: [1, 2]}, l: [a]}'),
      dictOf('{a: {l: [2, 3]}, l: [b, a]}'),
      'smart',
      true,
    );

    assert.deepEqual(jsonOf(merged), { a: { l: [1, 2, 3] }, l: ['a', 'b'] });
  });

  it('changes neither of the two', () => {
    const first = dictOf('{a: {x: 1}}');
    const second = dictOf('{a: {y: 2}}');

    mergeDicts(first, second, 'smart');

    assert.deepEqual(jsonOf(first), { a: { x: 1 } });
    assert.deepEqual(jsonOf(second), { a: { y: 2 } });
  });
});

describe('traverse', () => {
  const data = dictOf('{a: {b: [x, {k: v}], 80: port, nil: null}, l: [{name: n}]}');
  const cases: [string, Value | undefined][] = [
    ['a:b:0', 'x'],
    ['a:b:1:k', 'v'],
    ['a:b:k', 'v'],
    ['a:b:9', undefined],
    ['a:80', 'port'],
    ['a:nil', null],
    ['a:gone', undefined],
    ['a:nil:x', undefined],
    ['l:name', 'n'],
  ];
  for (const [key, expected] of cases)
    it(`finds ${expected === undefined ? 'nothing' : JSON.stringify(expected)} at ${key}`, () => {
      assert.deepEqual(traverse(data, key), expected);
    });

  it('takes another delimiter', () => {
    assert.equal(traverse(data, 'a|80', '|'), 'port');
  });
});
