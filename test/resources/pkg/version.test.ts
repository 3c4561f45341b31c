import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { compareVersions } from '../../../lib/resources/pkg/version.ts';

describe('compareVersions', () => {
  const oldestFirst = [
    '0~~',
    '0~',
    '0',
    '1.0~beta1~svn1245',
    '1.0~beta1',
    '1.0',
    '1.0-1~deb12u1',
    '1.0-1',
    '1.0-1+b1',
    '1.0-2',
    '1.0-10',
    '1.0a-1',
    '1.0+dfsg-1',
    '1.0.1',
    '1.9',
    '1.10',
    '20230101-1',
    '1:0.1',
    '1:0.1-1',
    '2:0',
  ];

  it('puts versions in the order of Debian', () => {
    const sorted = oldestFirst.toReversed().sort(compareVersions);

    assert.deepEqual(sorted, oldestFirst);
  });

  it('takes versions for the same that only differ in leading zeros or an epoch of 0', () => {
    assert.equal(compareVersions('1.02', '1.2'), 0);
    assert.equal(compareVersions('0:1.2-0', '1.2'), 0);
    assert.equal(compareVersions('1.2', '1.2'), 0);
  });

  it('compares numbers of any length', () => {
    assert.ok(compareVersions('20240101000000000000001', '20240101000000000000002') < 0);
  });

  it('agrees with dpkg', () => {
    const part = fc.stringMatching(/^[0-9][0-9a-zA-Z.+~]{0,5}$/);
    const version = fc
      .tuple(fc.option(fc.nat(2)), part, fc.option(part))
      .map(
        ([epoch, upstream, revision]) =>
          `${epoch === null ? '' : `${epoch}:`}${upstream}${revision === null ? '' : `-${revision}`}`,
      );
    const pairs = fc.sample(fc.tuple(version, version), 150);

    const script = pairs.map(
      ([a, b]) =>
        `if dpkg --compare-versions '${a}' lt '${b}'; then echo -1; elif dpkg --compare-versions '${a}' gt '${b}'; then echo 1; else echo 0; fi`,
    );
    const { stdout } = spawnSync('sh', { input: script.join('\n'), encoding: 'utf8' });

    const ours = pairs.map(([a, b]) => Math.sign(compareVersions(a, b)));
    const wrong = stdout
      .trim()
      .split('\n')
      .flatMap((answer, index) => (Number(answer) === ours[index] ? [] : [pairs[index]]));
    assert.deepEqual(wrong, []);
  }).timeout(20_000);
});
