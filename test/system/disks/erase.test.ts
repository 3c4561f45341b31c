import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import type { DiskApproval } from '../../../lib/model/records.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const SIZE = 48 * MIB;
const approval: DiskApproval = {
  ...{ host: 'storage-07', serial: 'S1', sizeBytes: SIZE, gen: 1, by: 'anna', reason: 'RMA-1234' },
  ...{ fingerprint: `sha256:${'0'.repeat(64)}`, expires: '2026-12-01T00:00:00Z' },
};

describe('a container that goes', function () {
  this.timeout(240_000);
  const host = withDiskHost();
  const { records } = host;
  afterEach(() => {
    host.records = records;
  });

  /** A container, and the word that it goes. @returns its node. */
  const makeContainer = (type: string): string => {
    const { path } = host.insert('S1', { sizeBytes: SIZE }).device;
    host.output(
      `printf key | cryptsetup luksFormat -q --type ${type} --pbkdf pbkdf2 --pbkdf-force-iterations 1000 ${path} -; sync`,
    );
    host.records = { ...records, approvals: [approval] };
    const words = JSON.stringify(host.planState('luks.absent', path).diff);
    const [fingerprint] = /what is there is (sha256:[0-9a-f]{64})/.exec(words)?.slice(1) ?? [];
    assert.ok(fingerprint, words);
    host.records = { ...records, approvals: [{ ...approval, fingerprint }] };
    return path;
  };
  const opens = (path: string): boolean =>
    host.run(`printf key | cryptsetup open --test-passphrase --key-file - ${path}`).code === 0;
  /** Puts back what wipefs takes of the first copy of a header. */
  const putBack = (path: string): string =>
    host.output(
      `! cryptsetup isLuks ${path}; printf 'LUKS\\272\\276' | dd of=${path} conv=notrunc,fsync status=none; cryptsetup isLuks ${path}`,
    );

  for (const type of ['luks1', 'luks2'])
    it(`has no key any more that would open it when its header is put back (${type})`, () => {
      const path = makeContainer(type);
      assert.ok(opens(path));

      const { codes, said } = host.runSteps(host.planState('luks.absent', path).steps);
      const again = host.planState('luks.absent', path).diff;
      putBack(path);

      assert.deepEqual(codes, [0], said);
      assert.deepEqual(again.changes, []);
      assert.equal(opens(path), false);
    });

  it('is a container without a key when it is killed before its header goes: that needs another approval, and is not made anew', () => {
    const path = makeContainer('luks2');
    const { steps } = host.planState('luks.absent', path);
    host.killAt({ tool: 'wipefs', nth: 2 });
    const killed = host.runSteps(steps);
    host.killNoMore();

    const found = host.planState('luks.absent', path);
    const wanted = host.planState('luks.present', 'vault', { args: { device: path, key: 'key' } });

    assert.deepEqual(killed.codes, [137], killed.said);
    assert.equal(opens(path), false);
    assert.match(found.diff.problems?.join() ?? '', /OCCUPIED: crypto_LUKS .*the approval is for sha256:/);
    assert.deepEqual(found.steps, []);
    assert.ok(!wanted.diff.changes.some(({ field }) => field === 'header'));
  });
});
