import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findSecrets } from '../../lib/sls/secrets.ts';
import { dictOf } from './dict-of.ts';

const pillar = dictOf(
  '{db: {password: hunter22, user: postgres}, users: {ann: {hash: $6$abcdef}, bob: {hash: $6$ghijkl}}, keys: [first-key, {deep: 123456}], pin: 1234}',
);

describe('findSecrets', () => {
  const cases: [string, string[]][] = [
    ['db:password', ['hunter22']],
    ['users:*:hash', ['$6$abcdef', '$6$ghijkl']],
    ['keys', ['first-key', '123456']],
    ['db:**', ['hunter22', 'postgres']],
    ['**', ['hunter22', 'postgres', '$6$abcdef', '$6$ghijkl', 'first-key', '123456']],
    ['db:gone', []],
    ['*', ['hunter22', 'postgres', '$6$abcdef', '$6$ghijkl', 'first-key', '123456']],
  ];
  for (const [pattern, expected] of cases)
    it(`finds ${expected.length} secret(s) by ${pattern}`, () => {
      assert.deepEqual(findSecrets(pillar, [pattern]).values, expected);
    });

  it('warns of a secret that is too short to be hidden, without showing it', () => {
    const { values, diagnostics } = findSecrets(pillar, ['pin']);

    assert.deepEqual(values, []);
    assert.deepEqual(
      diagnostics.map(({ severity, code, summary }) => [severity, code, summary]),
      [['warning', 'SLAB2021', 'the secret pin has fewer than 6 characters']],
    );
  });

  it('follows neither booleans nor nulls nor empty texts', () => {
    assert.deepEqual(findSecrets(dictOf("{a: true, b: null, c: ''}"), ['**']), {
      values: [],
      diagnostics: [],
    });
  });
});
