import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type HostDisk } from '../../support/disk-host.ts';
import { hashOf } from '../../support/storage/image-hash.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const WANTED = { serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' };
const SIZE = 320 * MIB;

/** What is torn: the sector, counted from the beginning, or from the end when it is negative. */
const DAMAGES = {
  'the header of the first copy': { copy: 'primary', sector: 1 },
  'the entries of the first copy': { copy: 'primary', sector: 2 },
  'the header of the last copy': { copy: 'backup', sector: -1 },
  'the entries of the last copy': { copy: 'backup', sector: -5 },
} as const;

describe('a table of ours of which one copy is torn', function () {
  this.timeout(120_000);
  const host = withDiskHost();

  const ready = (sectorSize: 512 | 4096 = 512): HostDisk => {
    const disk = host.insert('S1', { sizeBytes: SIZE, sectorSize });
    const { codes, said } = host.apply(WANTED);
    assert.deepEqual(codes, [0, 0], said);
    host.output('echo precious >/srv/object/1/file; sync -f /srv/object/1');
    return disk;
  };
  const tear = ({ device }: HostDisk, sector: number, sectorSize = 512): void => {
    const at = sector < 0 ? SIZE / sectorSize + sector : sector;
    host.output(`yes torn | dd of=${device.path} bs=${sectorSize} seek=${at} count=1 iflag=fullblock oflag=direct conv=notrunc status=none
blockdev --flushbufs ${device.path}`);
  };
  /** Both ends of a disk, in which both copies are. */
  const ends = ({ device }: HostDisk): string =>
    host.output(`blockdev --flushbufs ${device.path}
for skip in 0 ${SIZE / MIB - 1}; do dd if=${device.path} bs=1M skip=$skip count=1 iflag=direct status=none | sha256sum; done`);

  for (const [what, { copy, sector }] of Object.entries(DAMAGES))
    for (const sectorSize of [512, 4096] as const)
      it(`is written anew where it was ${what}, byte for byte, while the disk is in use (sectors of ${sectorSize})`, () => {
        const disk = ready(sectorSize);
        const before = ends(disk);
        tear(disk, sector, sectorSize);

        const { plan, codes, said } = host.apply(WANTED);
        const after = host.plan(WANTED);

        assert.equal(plan.diff.disks?.[0]?.state, 'DEGRADED');
        assert.equal(plan.diff.disks[0].action, 'mend');
        assert.deepEqual(
          plan.diff.changes.map(({ field, before: found }) => [field, found]),
          [['table', `${copy} copy damaged`]],
        );
        assert.deepEqual(codes, [0], said);
        assert.equal(ends(disk), before);
        assert.deepEqual(after.diff.changes, []);
        assert.equal(after.diff.disks?.[0]?.state, 'READY');
        assert.equal(host.output('cat /srv/object/1/file'), 'precious\n');
      });

  it('is written anew once the disk is mounted', () => {
    const disk = ready();
    const before = ends(disk);
    tear(disk, 1);
    host.output('umount -R /srv/object/1');

    const { plan, codes, said } = host.apply(WANTED);

    assert.deepEqual(
      plan.diff.changes.map(({ field }) => field),
      ['mount', 'table'],
    );
    assert.deepEqual(codes, [0, 0], said);
    assert.equal(ends(disk), before);
  });

  it('is written anew after a boot, when the kernel passes over a disk whose first copy is torn', () => {
    const disk = ready();
    const before = ends(disk);
    tear(disk, 1);
    host.output(`umount -R /srv/object/1; partx -d ${disk.device.path}; sync`);
    const scanned = host.output(`own=$(losetup --find --show --partscan --read-only ${disk.file})
ls -d /sys/class/block/\${own#/dev/}p* 2>/dev/null || echo none
losetup -d "$own"`);
    assert.equal(scanned, 'none\n', 'the kernel does not use the other copy');
    host.boot();

    const { plan, codes, said } = host.apply(WANTED);

    assert.equal(plan.diff.disks?.[0]?.state, 'DEGRADED');
    assert.deepEqual(
      plan.diff.changes.map(({ field }) => field),
      ['mount', 'table'],
    );
    assert.deepEqual(codes, [0, 0], said);
    assert.equal(ends(disk), before);
    assert.equal(host.output('cat /srv/object/1/file'), 'precious\n');
    assert.deepEqual(host.plan(WANTED).diff.changes, []);
  });

  for (const copy of ['primary', 'backup'] as const)
    it(`goes on in the next run where its ${copy} copy was damaged and the work was killed`, () => {
      const disk = ready();
      const before = ends(disk);
      tear(disk, copy === 'primary' ? 1 : -1);
      const { steps } = host.plan(WANTED);
      host.killAt({ tool: 'sfdisk', nth: 3, during: true });
      const killed = host.runSteps(steps);
      const calls = host.killNoMore();

      const { codes, said } = host.apply(WANTED);

      assert.deepEqual(killed.codes, [137], killed.said);
      assert.match(
        calls.filter((call) => call.startsWith('sfdisk')).at(-1) ?? '',
        /--part-label \S+ 1 slab-r-/,
      );
      assert.ok(
        codes.every((code) => code === 0),
        said,
      );
      assert.equal(ends(disk), before);
    });

  const since: Readonly<Record<string, (disk: HostDisk) => string>> = {
    'the whole copy says something else': ({ device }) =>
      `sfdisk -q --no-reread --no-tell-kernel --part-label ${device.path} 1 mine; yes torn | dd of=${device.path} bs=512 seek=1 count=1 oflag=direct status=none`,
    'the other copy is torn too': ({ device }) =>
      `yes torn | dd of=${device.path} bs=512 seek=${SIZE / 512 - 1} count=1 oflag=direct status=none`,
    'its marker is another': () => 'echo {} >/srv/object/1/.slab/disk.json; sync -f /srv/object/1',
    'it is not mounted there': () => 'umount -R /srv/object/1',
    'somebody holds its lock': ({ device }) =>
      `sh -c 'exec 9<${device.path}; flock 9; echo held >/run/held; exec sleep 60' >/dev/null 2>&1 &
echo $! >/run/holder; until [ -e /run/held ]; do :; done`,
  };
  for (const [what, happens] of Object.entries(since))
    it(`is left alone where ${what} since the plan`, () => {
      const disk = ready();
      tear(disk, 1);
      const { steps } = host.plan(WANTED);
      host.output(happens(disk));
      const before = hashOf(disk);

      const { codes, said } = host.runSteps(steps);
      host.output('if [ -e /run/holder ]; then kill "$(cat /run/holder)"; rm /run/holder; fi');

      assert.deepEqual(codes, [118], said);
      assert.match(said, /Nothing was written to disk S1/);
      assert.equal(hashOf(disk), before);
    });

  it('is left alone where it is whole by now', () => {
    const disk = ready();
    const whole = ends(disk);
    tear(disk, 1);
    const { steps } = host.plan(WANTED);
    assert.deepEqual(host.runSteps(steps).codes, [0]);

    assert.deepEqual(host.runSteps(steps).codes, [117]);
    assert.equal(ends(disk), whole);
  });

  it('is no work for slab where both copies are torn: the disk is not READY, and nothing is written', () => {
    const disk = ready();
    tear(disk, 1);
    tear(disk, -1);

    const { diff, steps } = host.plan(WANTED);

    assert.ok(!['READY', 'DEGRADED'].includes(diff.disks?.[0]?.state ?? ''), JSON.stringify(diff.disks));
    assert.ok(
      steps.every(({ title }) => /^keep everybody/.test(title)),
      steps.map(({ title }) => title).join(),
    );
  });
});
