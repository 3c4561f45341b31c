import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { loadPaint, progressMode, wantsAscii, wantsColour } from '../../lib/reporters/colour.ts';
import type { ColourQuestion, Env } from '../../lib/reporters/colour.ts';

describe('wantsColour', () => {
  const cases: readonly (readonly [string, ColourQuestion['flag'], Env, boolean, boolean])[] = [
    ['colours a terminal', 'auto', {}, true, true],
    ['leaves a pipe plain', 'auto', {}, false, false],
    ['obeys the flag before everything', 'always', { NO_COLOR: '1', TERM: 'dumb' }, false, true],
    ['obeys the flag against a forcing environment', 'never', { FORCE_COLOR: '1' }, true, false],
    ['obeys NO_COLOR before FORCE_COLOR', 'auto', { NO_COLOR: 'x', FORCE_COLOR: '1' }, true, false],
    ['does not count an empty NO_COLOR', 'auto', { NO_COLOR: '' }, true, true],
    ['obeys FORCE_COLOR without a terminal', 'auto', { FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
    ['reads FORCE_COLOR=0 as off', 'auto', { FORCE_COLOR: '0', CLICOLOR_FORCE: '1' }, true, false],
    ['obeys CLICOLOR_FORCE before TERM', 'auto', { CLICOLOR_FORCE: '1', TERM: 'dumb' }, false, true],
    ['leaves a dumb terminal plain', 'auto', { TERM: 'dumb' }, true, false],
  ];
  for (const [title, flag, env, isTTY, expected] of cases)
    it(title, () => {
      assert.equal(wantsColour({ flag, env, isTTY }), expected);
    });
});

describe('wantsAscii', () => {
  const cases: readonly (readonly [Env, boolean])[] = [
    [{}, false],
    [{ LANG: 'en_GB.UTF-8' }, false],
    [{ LANG: 'C.utf8' }, false],
    [{ LANG: 'C' }, true],
    [{ LANG: 'en_GB.UTF-8', LC_ALL: 'POSIX' }, true],
  ];
  for (const [env, expected] of cases)
    it(`is ${expected} for ${JSON.stringify(env)}`, () => {
      assert.equal(wantsAscii({ flag: false, env }), expected);
    });
  it('obeys the flag', () => {
    assert.equal(wantsAscii({ flag: true, env: { LANG: 'en_GB.UTF-8' } }), true);
  });
});

describe('progressMode', () => {
  it('draws on a terminal and writes lines everywhere else', () => {
    assert.equal(progressMode('auto', { env: {}, isTTY: true }), 'live');
    assert.equal(progressMode('auto', { env: { CI: 'true' }, isTTY: true }), 'lines');
    assert.equal(progressMode('auto', { env: { TERM: 'dumb' }, isTTY: true }), 'lines');
    assert.equal(progressMode('auto', { env: {}, isTTY: false }), 'lines');
    assert.equal(progressMode('none', { env: {}, isTTY: true }), 'none');
  });
});

describe('loadPaint', () => {
  it('gives the sixteen colours or none', async () => {
    assert.equal((await loadPaint(true)).red('x'), '\u001b[31mx\u001b[39m');
    assert.equal((await loadPaint(false)).red('x'), 'x');
  });
});
