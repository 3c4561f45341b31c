import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { clipDisplay, displayWidth, padDisplay } from '../../lib/diagnostics/width.ts';

describe('displayWidth', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['abc', 3],
    ['\u001b[1;31mabc\u001b[0m', 3],
    ['東京', 4],
    ['e\u0301', 1],
    ['→ ‹x›', 5],
  ];
  for (const [text, width] of cases)
    it(`takes ${width} columns for ${JSON.stringify(text)}`, () => {
      assert.equal(displayWidth(text), width);
    });
});

describe('clipDisplay', () => {
  it('cuts with a sign and never exceeds the width', () => {
    assert.equal(clipDisplay('東京tower', 6), '東京t…');
    assert.equal(clipDisplay('東京tower', 9), '東京tower');
    assert.equal(clipDisplay('abc', 0), '');
  });
});

describe('padDisplay', () => {
  it('counts columns, not characters', () => {
    assert.equal(padDisplay('東', 4), '東  ');
  });
});
