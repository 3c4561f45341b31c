import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readWantedVersion, type VersionOptions } from '../../../lib/resources/pkg/wanted-version.ts';

describe('readWantedVersion', () => {
  const plain = { ignoreEpoch: false, allowUpdates: false };
  const allowed = (text: string, versions: readonly string[], options: VersionOptions = plain) =>
    versions.filter((version) => readWantedVersion(text, options)?.allows(version));

  it('allows just the version that is written', () => {
    assert.deepEqual(allowed('1.2-3', ['1.2-3', '1.2-4', '0:1.2-3', '1:1.2-3']), ['1.2-3', '0:1.2-3']);
    assert.equal(readWantedVersion('1.2-3', plain)?.exact, '1.2-3');
  });

  it('allows newer ones when told to', () => {
    const options = { ignoreEpoch: false, allowUpdates: true };

    assert.deepEqual(allowed('1.2', ['1.1', '1.2', '1.3'], options), ['1.2', '1.3']);
    assert.equal(readWantedVersion('1.2', options)?.exact, undefined);
  });

  it('leaves epochs aside when told to', () => {
    const options = { ignoreEpoch: true, allowUpdates: false };

    assert.deepEqual(allowed('1.2', ['1:1.2', '2:1.3'], options), ['1:1.2']);
    assert.deepEqual(allowed('1.*', ['1:1.2', '2:2.1'], options), ['1:1.2']);
  });

  it('reads patterns as a shell does', () => {
    const versions = ['1.2', '1.20', '1x2', '1.2+b1', '1.3'];

    assert.deepEqual(allowed('1.2*', versions), ['1.2', '1.20', '1.2+b1']);
    assert.deepEqual(allowed('1.?', versions), ['1.2', '1.3']);
    assert.deepEqual(allowed('=1.[!3]', versions), ['1.2']);
    assert.deepEqual(allowed('1.2+b[1-3]', versions), ['1.2+b1']);
  });

  it('reads comparisons, all of which must hold', () => {
    const versions = ['1.0', '1.5', '2.0'];

    assert.deepEqual(allowed('>=1.5', versions), ['1.5', '2.0']);
    assert.deepEqual(allowed('> 1.0, < 2.0', versions), ['1.5']);
    assert.deepEqual(allowed('!=1.5', versions), ['1.0', '2.0']);
    assert.deepEqual(allowed('<=1.0', versions), ['1.0']);
    assert.deepEqual(allowed('==2.0', versions), ['2.0']);
  });

  it('reads nothing else', () => {
    const read = ['newest', '', '>', '>1.*', '1.0 2.0', '~1.0', '1.0,'].map((text) =>
      readWantedVersion(text, plain),
    );

    assert.deepEqual(read, [undefined, undefined, undefined, undefined, undefined, undefined, undefined]);
  });
});
