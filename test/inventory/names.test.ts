import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { check, read } from './inventory-text.ts';

describe('secrets and nodegroups of an inventory', () => {
  const hiding: readonly (readonly [string, string, string])[] = [
    [
      '**:token',
      '**:token hides the whole pillar',
      'write *:token for one level, and a pattern for each level more',
    ],
    ['**', '** hides the whole pillar', 'name the keys that are secret: db:password'],
    [
      'db:**:key',
      'of db:**:key, what follows ** has no effect',
      'write *:key for one level, and a pattern for each level more',
    ],
  ];
  for (const [pattern, summary, fix] of hiding)
    it(`warns of the secret pattern ${pattern}, which hides more than it says`, () => {
      const { value, diagnostics } = check(`secrets: [ok:**, '${pattern}']\n`);

      assert.deepEqual(value?.secrets, ['ok:**', pattern]);
      assert.deepEqual(
        diagnostics.map((each) => [each.severity, each.summary, each.fix, each.source?.column]),
        [['warning', summary, fix, 18]],
      );
    });

  it('takes a nodegroup that lists names, as Salt has it, for any of them', () => {
    const { nodegroups } = read('nodegroups: {a: [web1, db1]}\n');

    assert.deepEqual([...nodegroups], [['a', 'web1,db1']]);
  });
});
