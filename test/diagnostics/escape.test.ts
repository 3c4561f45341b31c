import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { escapeControl } from '../../lib/diagnostics/escape.ts';

describe('escapeControl', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a colour sequence', '\u001b[31mred', '\\x1b[31mred'],
    ['an eight-bit control sequence', '\u009b2J', '\\x9b2J'],
    ['a title change', '\u001b]0;gotcha\u0007', '\\x1b]0;gotcha\\x07'],
    ['line ends and tabs', 'a\r\n\tb', 'a\\r\\n\\tb'],
    ['an override of reading order', 'exe\u202etxt', 'exe\\u202etxt'],
    ['an invisible tag', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['a zero-width space', 'a\u200bb', 'a\\u200bb'],
    ['half of a pair', 'a\ud83d', 'a\\ud83d'],
  ];
  for (const [title, hostile, shown] of cases)
    it(`shows ${title}`, () => {
      assert.equal(escapeControl(hostile), shown);
    });

  it('leaves writing of all languages and emoji alone', () => {
    assert.equal(escapeControl('Grüße, 東京 שלום 🎉'), 'Grüße, 東京 שלום 🎉');
  });

  it('keeps newline and tab only where asked', () => {
    assert.equal(escapeControl('a\n\tb\r', { newline: true, tab: true }), 'a\n\tb\\r');
  });

  it('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(escapeControl(text), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
