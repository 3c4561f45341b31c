import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { duration, joinParts, makeStyle, spread, wrapProse } from '../../lib/reporters/style.ts';

describe('makeStyle', () => {
  it('keeps prose between 60 and 120 columns and lets files have them all', () => {
    const of = (columns?: number) => {
      const { width, fullWidth } = makeStyle({ columns });
      return [width, fullWidth];
    };

    assert.deepEqual(
      [of(), of(20), of(300)],
      [
        [100, 100],
        [60, 60],
        [120, 300],
      ],
    );
  });

  it('makes foreign text harmless, and ASCII where asked', () => {
    assert.equal(makeStyle().show('ü → \u001b[2J'), 'ü → \\x1b[2J');
    assert.equal(makeStyle({ ascii: true }).show('‹masked› ü → 🎉'), '<masked> \\u00fc -> \\u{1f389}');
  });
});

describe('spread', () => {
  it('puts the right part at the edge, or below where there is no room', () => {
    assert.equal(spread('left', 'right', 12), 'left   right');
    assert.equal(spread('a left part', 'right', 12), 'a left part\n       right');
  });
});

describe('wrapProse', () => {
  it('breaks at spaces and leaves long words whole', () => {
    assert.equal(wrapProse('one two three extraordinarily', 9, 2), 'one two\n  three\n  extraordinarily');
  });
});

describe('joinParts', () => {
  it('breaks between parts only', () => {
    assert.deepEqual(joinParts(['one two', 'three four', 'five'], ' · ', 21), [
      'one two · three four',
      '      five',
    ]);
  });
});

describe('duration', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0.0 s'],
    [4149, '4.1 s'],
    [18_600, '18.6 s'],
    [19_960, '20 s'],
    [192_000, '3 m 12 s'],
    [3_900_000, '1 h 5 m'],
  ];
  for (const [ms, text] of cases)
    it(`writes ${ms} ms as ${text}`, () => {
      assert.equal(duration(ms), text);
    });
});
