import assert from 'node:assert/strict';
import { readFileSync, truncateSync } from 'node:fs';
import { describe, it } from 'mocha';
import type { HostDisk } from '../../support/disk-host.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

/** CAP_SYS_RESOURCE, the 24th. */
function mayUseResources(): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${mask}`) & (1n << 24n)) !== 0n;
}

describe('what belongs to a device that is in use', function () {
  this.timeout(90_000);
  const host = withDiskHost();
  let disk: HostDisk;
  const GROW = 'filesystem.grow';

  for (const fs of ['xfs', 'ext4', 'btrfs'])
    it(`filesystem.grow: lets ${fs} fill its device with what is on it, or says who forbids it`, () => {
      disk = host.insert('S1');
      const { path } = disk.device;
      host.output(
        `mkfs.${fs} -q ${path}; mkdir -p /srv/d; mount ${path} /srv/d; echo precious >/srv/d/file; sync`,
      );
      const before = host.planState(GROW, '/srv/d');
      truncateSync(disk.file, 480 * MIB);
      host.output(`losetup --set-capacity ${path}`);

      const { codes, said, plan } = host.applyState(GROW, '/srv/d');

      assert.deepEqual(before.diff.changes, []);
      assert.equal(plan.diff.changes[0]?.after, 480 * MIB);
      // The kernel lets nobody grow an ext4 without this capability; a sandbox's root may lack it.
      if (fs === 'ext4' && !mayUseResources()) {
        assert.deepEqual(codes, [1], said);
        assert.match(said, /resize2fs: .*[Nn]o.* permission|[Pp]ermission denied|not permitted/);
        assert.equal(host.output('cat /srv/d/file'), 'precious\n');
        return;
      }
      assert.deepEqual(codes, [0], said);
      assert.match(said, /grown from [0-9]+ to [0-9]+ bytes/);
      assert.deepEqual(host.planState(GROW, path).diff.changes, []);
      assert.equal(host.output('cat /srv/d/file'), 'precious\n');
      assert.deepEqual(host.runSteps(plan.steps).codes, [117]);
    });

  it('filesystem.grow: says from how many bytes to how many an ext4 would grow, and in whose words it did not', () => {
    disk = host.insert('S1');
    const { path } = disk.device;
    host.output(
      `mkfs.ext4 -q ${path}; mkdir -p /srv/d; mount ${path} /srv/d; echo precious >/srv/d/file; sync`,
    );
    truncateSync(disk.file, 480 * MIB);
    host.output(`losetup --set-capacity ${path}`);

    const { diff, steps } = host.planState(GROW, '/srv/d');
    const { code, stderr } = host.run(
      `resize2fs() { echo 'resize2fs: No' >&2; false; }\n${steps[0]?.script.text ?? ''}`,
    );

    assert.deepEqual(
      diff.changes.map(({ before, after }) => [before, after]),
      [[320 * MIB, 480 * MIB]],
    );
    assert.equal(code, 1);
    assert.match(stderr, /\/srv\/d: resize2fs: resize2fs: No/);
    assert.equal(host.output('cat /srv/d/file'), 'precious\n');
  });

  it('filesystem.grow: says that nothing is mounted, or that it is nothing that grows', () => {
    disk = host.insert('S1');
    host.output('mkdir -p /srv/t; mount -t tmpfs t /srv/t');

    assert.match(host.planState(GROW, '/srv/none').diff.problems?.[0] ?? '', /is not mounted/);
    assert.match(host.planState(GROW, '/srv/t').diff.problems?.[0] ?? '', /a tmpfs has no size of its own/);
  });

  it('blockdev.tuned: sets read-ahead, scheduler and read-only, and a second plan is empty until one drifts', () => {
    disk = host.insert('S1');
    const { path } = disk.device;
    const [scheduler = ''] = host
      .output(`cat /sys/block/${path.slice(5)}/queue/scheduler`)
      .split(/\s+/)
      .filter((word) => word !== '' && !word.startsWith('['));
    const args = { 'read-ahead': 2048, 'read-only': true, ...(scheduler === '' ? {} : { scheduler }) };

    const { codes, said } = host.applyState('blockdev.tuned', path, { args });
    const again = host.planState('blockdev.tuned', path, { args });
    host.output(`blockdev --setra 256 ${path}`);
    const drift = host.planState('blockdev.tuned', path, { args });
    const unknown = host.planState('blockdev.tuned', path, { args: { scheduler: 'anticipatory' } });
    host.output(`blockdev --setrw ${path}`);

    assert.deepEqual(codes, [0], said);
    assert.deepEqual(again.diff.changes, []);
    assert.deepEqual(
      drift.diff.changes.map(({ field, before, after }) => [field, before, after]),
      [['read-ahead', 256, 2048]],
    );
    assert.match(unknown.diff.problems?.[0] ?? '', /knows no scheduler anticipatory; it has: /);
  });

  it('blockdev.tuned: does not make read only what is mounted for writing', () => {
    disk = host.insert('S1');
    const { path } = disk.device;
    host.output(`mkfs.ext4 -q ${path}; mkdir -p /srv/d; mount ${path} /srv/d`);

    const { diff } = host.planState('blockdev.tuned', path, { args: { 'read-only': true } });

    assert.match(diff.problems?.[0] ?? '', /is mounted for writing on \/srv\/d: it is not made read only/);
  });
});
