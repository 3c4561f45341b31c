import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { DiskHost } from '../../support/disk-host.ts';

const WANTED = { serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' };

for (const filesystem of ['xfs', 'ext4', 'btrfs'])
  describe(`disk.data with ${filesystem}`, function () {
    this.timeout(120_000);
    let host: DiskHost;
    beforeEach(() => {
      host = new DiskHost();
      host.boot();
    });
    afterEach(() => host.end());
    const wanted = { ...WANTED, filesystem };

    it('brings a blank disk to READY, and a second plan is empty and looks no closer', () => {
      host.insert('S1');

      const { codes, said, plan } = host.apply(wanted);
      const looks = host.looks;
      const again = host.plan(wanted);

      assert.equal(looks, 1);
      assert.equal(host.looks, looks, 'of a disk that is ready nothing but the facts is asked');
      assert.deepEqual(codes, [0, 0], said);
      assert.deepEqual(
        plan.diff.changes.map(({ field }) => field),
        ['filesystem', 'mount'],
      );
      assert.deepEqual(again.diff.changes, []);
      assert.equal(again.diff.disks?.[0]?.state, 'READY');
    });

    it('brings it back after the host has booted, with what was on it, and formats nothing', () => {
      host.insert('S1');
      host.apply(wanted);
      host.output('echo precious >/srv/object/1/file; sync; umount /srv/object/1');
      host.boot();

      const { codes, said, plan } = host.apply(wanted);

      assert.deepEqual(
        plan.diff.changes.map(({ field }) => field),
        ['mount'],
        JSON.stringify(plan.diff),
      );
      assert.deepEqual(codes, [0], said);
      assert.equal(host.output('cat /srv/object/1/file'), 'precious\n');
      assert.deepEqual(host.plan(wanted).diff.changes, []);
    });
  });

describe('disk.data on a host whose sh is busybox', function () {
  this.timeout(120_000);
  const host = new DiskHost();
  before(() => host.boot());
  after(() => host.end());

  it('brings a blank disk to READY just so', () => {
    const shell = ['busybox', 'ash'];
    host.insert('S1');

    const { codes, said } = host.runSteps(host.plan(WANTED, shell).steps, shell);

    assert.deepEqual(codes, [0, 0], said);
    assert.equal(host.plan(WANTED, shell).diff.disks?.[0]?.state, 'READY');
  });
});
