import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Json } from '../../lib/model/json.ts';
import { mergeDicts } from '../../lib/sls/merge.ts';
import { orderedValue } from '../../lib/sls/shared-value.ts';
import { isDict } from '../../lib/sls/traverse.ts';
import { readYamlex } from '../../lib/sls/yamlex.ts';
import { nodeToJson } from '../../lib/yaml/node-value.ts';
import { jsonOf } from './dict-of.ts';

const valueOf = (text: string): Json => {
  const { value, diagnostics } = readYamlex(text, { file: 'a.sls' });
  assert.deepEqual(diagnostics, []);
  return value === undefined ? null : nodeToJson(value);
};

describe('readYamlex', () => {
  // salt/serializers/yamlex.py: construct_yaml_omap, construct_sls_aggregate, construct_sls_reset
  const documents: [string, string, Json][] = [
    ['lets the later of two keys win', 'a: 1\na: 2', { a: 2 }],
    ['joins lists that are both marked', 'a: !aggregate [1, 2]\na: !aggregate [2, 3]', { a: [1, 2, 3] }],
    ['makes a list of a marked value', 'a: !aggregate x\na: !aggregate y', { a: ['x', 'y'] }],
    ['makes an empty list of a marked nothing', 'a: !aggregate', { a: [] }],
    ['replaces where only one is marked', 'a: !aggregate [1]\na: [2]', { a: [2] }],
    [
      'joins mappings that are both marked',
      'a: !aggregate {x: 1}\na: !aggregate {y: 2}',
      { a: { x: 1, y: 2 } },
    ],
    [
      'looks below keys that both have',
      'a: {x: !aggregate [1], z: 0}\na: {x: !aggregate [2]}',
      { a: { x: [1, 2] } },
    ],
    ['forgets what came before a reset', 'a: !aggregate [1]\n!reset a: !aggregate [2]', { a: [2] }],
    ['reads other YAML as it is', 'a: {b: [0644, "x"]}', { a: { b: [644, 'x'] } }],
  ];
  for (const [title, text, expected] of documents)
    it(title, () => {
      assert.deepEqual(valueOf(text), expected);
    });

  it('still refuses tags that are not its own', () => {
    const { diagnostics } = readYamlex('a: !other 1', { file: 'a.sls' });

    assert.deepEqual(
      diagnostics.map(({ code, summary }) => [code, summary]),
      [['SLAB2001', 'the tag !other is not known']],
    );
  });

  // salt/utils/aggregation.py: aggregate, level 1; salt/utils/dictupdate.py: merge_aggregate
  it('marks what another pillar file is joined with, under the strategy aggregate', () => {
    const [first, second] = [
      'l: !aggregate [1]\nm: !aggregate {a: 1}\np: {a: 1}',
      'l: !aggregate [2]\nm: !aggregate {b: 2}\np: {b: 2}',
    ].map((text) => {
      const { value } = readYamlex(text, { file: 'a.sls' });
      const data = value === undefined ? undefined : orderedValue(value);
      return isDict(data) ? data : assert.fail();
    });
    assert.ok(first !== undefined && second !== undefined);

    const merged = mergeDicts(mergeDicts(new Map(), first, 'aggregate'), second, 'aggregate');

    assert.deepEqual(jsonOf(merged), { l: [1, 2], m: { a: 1, b: 2 }, p: { b: 2 } });
    assert.deepEqual(jsonOf(mergeDicts(first, second, 'recurse')), {
      l: [2],
      m: { a: 1, b: 2 },
      p: { a: 1, b: 2 },
    });
  });
});
