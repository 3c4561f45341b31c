import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { Random } from '../../campaign/random.ts';
import type { HostDisk } from '../../support/disk-host.ts';
import { hashOf } from '../../support/storage/image-hash.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { exportFaulty, type DiskFaults } from '../../support/storage/faulty-disk.ts';
import { readWriteLog, replayUntil, type Fate } from '../../support/storage/write-log.ts';
import { withMemoryFolder } from '../../support/storage/with-memory-folder.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const WANTED = {
  ...{ serials: ['S1'], count: 1, mount: '/srv/object/{n}', filesystem: 'ext4' },
  ...{ when_blank: 'format', persist: 'none' },
};
const SIZE = 40 * MIB;

/** The last sector, which has the header of the last copy. */
const LAST = SIZE / 512 - 1;

/** Where everything dies: the mark of the mend is its sfdisk, the third that its script calls. */
const KILLS = [
  { tool: 'sfdisk', nth: 3, during: false },
  { tool: 'sfdisk', nth: 3, during: true },
  { tool: 'sync', nth: 1, during: false },
  { tool: 'sfdisk', nth: 4, during: false },
  { tool: 'sfdisk', nth: 5, during: false },
] as const;

describe('the mending of a torn copy of a table of ours', function () {
  this.timeout(300_000);
  const host = withDiskHost();
  const folder = withMemoryFolder('mend');

  /** A ready disk with a file on it. */
  const ready = (): HostDisk => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    const { codes, said } = host.apply(WANTED);
    assert.deepEqual(codes, [0, 0], said);
    host.output('echo precious >/srv/object/1/file; sync -f /srv/object/1');
    return disk;
  };
  const tear = ({ device }: HostDisk, copy: 'primary' | 'backup'): void => {
    const at = copy === 'primary' ? 1 : LAST;
    host.output(`yes torn | dd of=${device.path} bs=512 seek=${at} count=1 iflag=fullblock oflag=direct conv=notrunc status=none
blockdev --flushbufs ${device.path}`);
  };
  /** Sector 0 and both copies: what lies before and behind the partition. */
  const ends = ({ device }: HostDisk): string =>
    host.output(`blockdev --flushbufs ${device.path}
for skip in 0 ${SIZE / MIB - 1}; do dd if=${device.path} bs=1M skip=$skip count=1 iflag=direct status=none | sha256sum; done`);

  for (const copy of ['primary', 'backup'] as const)
    for (const { tool, nth, during } of KILLS)
      it(`goes on in the next run where the ${copy} copy was torn and all died ${during ? 'in' : 'before'} ${tool} ${nth}`, () => {
        const disk = ready();
        const whole = ends(disk);
        tear(disk, copy);
        const { steps } = host.plan(WANTED);
        host.killAt({ tool, nth, during });
        const killed = host.runSteps(steps);
        host.killNoMore();

        const { codes, said, plan } = host.apply(WANTED);

        assert.deepEqual(killed.codes, [137], killed.said);
        assert.match(plan.diff.disks?.[0]?.state ?? '', /^(READY|DEGRADED)$/);
        assert.ok(codes.every((code) => code === 0), said); // prettier-ignore
        assert.equal(ends(disk), whole);
        assert.equal(host.output('cat /srv/object/1/file'), 'precious\n');
      });

  /** Runs slab on a copy of a disk behind faults, with the disk out of the host. @returns what it did and said. */
  const behind = async (file: string, faults: DiskFaults, act: () => void): Promise<void> => {
    const exported = await exportFaulty(file, mkdtempSync(join(folder(), 'f-')), faults);
    host.run(`partx --add ${host.insert('S1', { file: exported.path }).device.path}`);
    try {
      act();
      host.run('umount -R /srv/object/1');
    } finally {
      for (const disk of host.disks) host.remove(disk);
      await exported.remove();
    }
  };
  const takeOut = (disk: HostDisk): string => {
    host.output('umount -R /srv/object/1; sync');
    const kept = join(folder(), 'kept');
    copyFileSync(disk.file, kept);
    host.remove(disk);
    return kept;
  };

  for (const copy of ['primary', 'backup'] as const)
    it(`goes on by the other copy wherever the power is cut while the ${copy} one is written`, async () => {
      const disk = ready();
      const whole = ends(disk);
      tear(disk, copy);
      const kept = takeOut(disk);
      const [mended, log] = [join(folder(), 'mended'), join(folder(), 'log')];
      copyFileSync(kept, mended);
      await behind(mended, { log }, () => {
        const { codes, said } = host.apply(WANTED);
        assert.deepEqual(codes, [0, 0], said);
      });
      const places = readWriteLog(log).flatMap(({ offset, length }, place) =>
        length > 0 && (offset < MIB || offset >= SIZE - MIB) ? [place] : [],
      );
      assert.ok(places.length >= 4, `both copies are written: ${places.length} writes`);

      const random = new Random(places.length);
      for (const place of places) {
        const file = join(folder(), `cut${place}`);
        copyFileSync(kept, file);
        const fate = (): Fate => random.pick(['kept', 'torn', 'lost']);
        replayUntil(log, file, place + 1, fate, () => random.chance(0.5));
        const again = host.insert('S1', { file });
        host.run(`partx --add ${again.device.path}`);
        const { codes, said, plan } = host.apply(WANTED);
        const words = `cut after ${place}: ${JSON.stringify(plan.diff.disks)} ${said}`;

        assert.match(plan.diff.disks?.[0]?.state ?? '', /^(READY|DEGRADED)$/, words);
        assert.ok(codes.every((code) => code === 0), words); // prettier-ignore
        assert.equal(ends(again), whole, words);
        assert.equal(host.output('cat /srv/object/1/file'), 'precious\n', words);
        host.output('umount -R /srv/object/1');
        host.remove(again);
      }
    });

  const failing = (sector: number): DiskFaults => ({
    errors: [
      { on: 'read', sector },
      { on: 'write', sector },
    ],
  });

  it('is left where the entries of the last copy can be neither read nor written: the disk is used, and the plan says that it fails', async () => {
    const kept = takeOut(ready());
    // Not in one page with the header: that makes every scanner give up.
    await behind(kept, failing(LAST - 20), () => {
      const first = host.apply(WANTED);
      const second = host.plan(WANTED);

      assert.equal(first.plan.diff.disks?.[0]?.state, 'DEGRADED');
      assert.deepEqual(first.codes, [0], first.said);
      assert.deepEqual(second.diff.changes, []);
      assert.match(
        second.diff.notes?.join() ?? '',
        /its last MiB cannot be read, so nothing is mended: the disk is failing\. Replace it/,
      );
      assert.equal(host.output('cat /srv/object/1/file'), 'precious\n');
    });
  });

  it('is left where the entries of the last copy have become unreadable since the plan, which the step sees under its lock', async () => {
    const disk = ready();
    tear(disk, 'backup');
    const [{ script, ...step } = assert.fail()] = host.plan(WANTED).steps;
    const kept = takeOut(disk);
    await behind(kept, failing(LAST - 20), () => {
      const [again = assert.fail()] = host.disks;
      host.output(`mkdir -p /srv/object/1; mount ${again.device.path}p1 /srv/object/1`);
      const name = again.device.path.slice('/dev/'.length);
      const diskseq = host.output(`cat /sys/class/block/${name}/diskseq`).trim();
      // The same order, as though the kernel had kept its names.
      const text = script.text
        .replace(/\bname=\w+/, `name=${name}`)
        .replace(/\bnumber=[0-9:]+/, `number=${again.device.number}`)
        .replace(/\bdiskseq=[0-9]+/, `diskseq=${diskseq}`);
      const before = hashOf({ file: kept });

      const { codes, said } = host.runSteps([{ ...step, script: { ...script, text } }]);

      assert.deepEqual(codes, [118], said);
      assert.match(said, /the backup copy of its table cannot be read: the disk is failing\. Replace it/);
      assert.match(said, /Nothing was written to disk S1/);
      assert.equal(hashOf({ file: kept }), before);
      assert.equal(host.output('cat /srv/object/1/file'), 'precious\n');
    });
  });

  for (const [what, sector] of [
    ['the entries of the first copy', 20],
    ['the header of the last copy', LAST],
  ] as const)
    it(`is left where ${what} can be neither read nor written: scanners give up, and the disk is UNREADABLE`, async () => {
      const kept = takeOut(ready());
      await behind(kept, failing(sector), () => {
        const { plan, codes } = host.apply(WANTED);

        assert.equal(plan.diff.disks?.[0]?.state, 'UNREADABLE');
        assert.deepEqual(plan.diff.changes, []);
        assert.ok(codes.every((code) => code === 0)); // prettier-ignore
      });
    });
});
