import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { fnmatch } from '../../lib/sls/fnmatch.ts';

describe('fnmatch', () => {
  const cases: [string, string, boolean][] = [
    ['web1', 'web*', true],
    ['web1', 'Web*', false],
    ['a/b', 'a*', true],
    ['web1', 'web?', true],
    ['web', 'web?', false],
    ['web1', 'web[1-3]', true],
    ['web4', 'web[1-3]', false],
    ['web4', 'web[!1-3]', true],
    ['a]b', 'a[]]b', true],
    ['a^b', 'a[^x]b', true],
    ['axb', 'a[^x]b', true],
    ['a[b', 'a[b', true],
    ['a.b', 'a?b', true],
    ['a+b', 'a+b*', true],
    ['x', '[z-a]', false],
    ['a-', 'a[b-]', true],
    ['a\nb', 'a*b', true],
  ];
  for (const [name, pattern, expected] of cases)
    it(`${expected ? 'matches' : 'refuses'} ${JSON.stringify(name)} with ${pattern}`, () => {
      assert.equal(fnmatch(name, pattern), expected);
    });

  it('never fails, whatever the pattern', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, pattern) => typeof fnmatch(name, pattern) === 'boolean'),
    );
  });

  it('matches every text with a star', () => {
    fc.assert(fc.property(fc.string(), (name) => fnmatch(name, '*')));
  });
});
