import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Recent } from '../../lib/sls/recent.ts';

describe('Recent', () => {
  let made = new Set<string>();
  const recentOf = (most: number) => {
    const recent = new Recent<string, string>(most);
    made = new Set();
    const ask = (key: string) => recent.get(key, () => (made.add(key), key.toUpperCase()));
    return { ask };
  };

  it('makes an answer once', () => {
    const { ask } = recentOf(2);
    assert.deepEqual([ask('a'), ask('a')], ['A', 'A']);
    assert.deepEqual([...made], ['a']);
  });

  it('forgets the answer that was not used for longest', () => {
    const { ask } = recentOf(2);
    for (const key of ['a', 'b', 'a', 'c']) ask(key);
    made.clear();
    ask('a');
    assert.deepEqual([...made], [], 'a was used after b');
    ask('b');
    assert.deepEqual([...made], ['b']);
  });
});
