import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { Random } from '../../campaign/random.ts';
import { hashOf } from '../../support/storage/image-hash.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { exportFaulty } from '../../support/storage/faulty-disk.ts';
import { readWriteLog, replayUntil, sparseFile, type Fate } from '../../support/storage/write-log.ts';
import { withMemoryFolder } from '../../support/storage/with-memory-folder.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const SIZE = 40 * MIB;
const PRESENT = 'partition.present';
const PARTITIONS = [{ name: 'journal', size: '8M', type: 'swap' }, { name: 'data' }];

/** Where everything dies: the first sfdisk asks whether it is blank, the second one whether it still is, the third one writes. */
const KILLS = [
  { tool: 'sfdisk', nth: 3, during: false },
  { tool: 'sfdisk', nth: 3, during: true },
  { tool: 'sync', nth: 1, during: false },
  { tool: 'sfdisk', nth: 4, during: false },
  { tool: 'partx', nth: 1, during: false },
  { tool: 'sync', nth: 2, during: false },
] as const;

describe('partition.present that is cut short', function () {
  this.timeout(300_000);
  const host = withDiskHost();
  const folder = withMemoryFolder('parts');
  const args = { partitions: PARTITIONS };
  const plan = (path: string) => host.planState(PRESENT, path, { args });
  const apply = (path: string) => host.applyState(PRESENT, path, { args });
  /** Both ends, in which the table is, and the partitions as the kernel has them. */
  const outcome = (path: string): string =>
    host.output(`blockdev --flushbufs ${path}
for skip in 0 ${SIZE / MIB - 1}; do dd if=${path} bs=1M skip=$skip count=1 iflag=direct status=none | sha256sum; done
for part in /sys/class/block/${path.slice('/dev/'.length)}p*; do cat $part/partition $part/start $part/size; done`);

  for (const { tool, nth, during } of KILLS)
    it(`by a kill ${during ? 'in' : 'before'} ${tool} ${nth} is finished by the next run, which asks nobody`, () => {
      const { path } = host.insert('S1', { sizeBytes: SIZE }).device;
      const { steps } = plan(path);
      host.killAt({ tool, nth, during });
      const killed = host.runSteps(steps);
      host.killNoMore();

      const { codes, said, plan: found } = apply(path);
      const again = plan(path);

      assert.deepEqual(killed.codes, [137], killed.said);
      assert.deepEqual(found.diff.problems ?? [], []);
      assert.ok(codes.every((code) => code === 0), said); // prettier-ignore
      assert.deepEqual(again.diff.problems ?? [], []);
      assert.deepEqual(again.diff.changes, []);
      assert.match(outcome(path), /\n1\n2048\n16384\n2\n18432\n61440\n$/);
    });

  it('by a power cut at any write, of which parts are lost or torn, is finished by the next run, which asks nobody', async () => {
    const file = join(folder(), 'disk');
    sparseFile(file, SIZE);
    const log = `${file}.log`;
    const faulty = await exportFaulty(file, mkdtempSync(join(folder(), 'l-')), { log });
    const logged = host.insert('S1', { file: faulty.path });
    const { codes, said } = apply(logged.device.path);
    assert.deepEqual(codes, [0], said);
    const whole = outcome(logged.device.path);
    host.remove(logged);
    await faulty.remove();
    const writes = readWriteLog(log).length;
    assert.ok(writes >= 5, `${writes} writes`);

    const random = new Random(writes);
    const seen: string[] = [];
    for (let cut = 0; cut <= writes; cut++)
      for (const fates of [['kept'], ['kept', 'torn', 'lost']] as const) {
        const image = join(folder(), 'cut');
        sparseFile(image, SIZE);
        const fate = (): Fate => random.pick(fates);
        replayUntil(log, image, cut, fate, () => random.chance(0.5));
        const disk = host.insert('S1', { file: image });
        const found = apply(disk.device.path);
        const words = `cut after ${cut}, ${fates.join()}: ${JSON.stringify(found.plan.diff)} ${found.said}`;
        seen.push(found.plan.diff.disks?.[0]?.state ?? 'ours');
        assert.deepEqual(found.plan.diff.problems ?? [], [], words);
        assert.ok(found.codes.every((code) => code === 0), words); // prettier-ignore
        assert.equal(outcome(disk.device.path), whole, words);
        assert.deepEqual(plan(disk.device.path).diff.changes, [], words);
        host.remove(disk);
      }
    // All that a cut can leave was seen.
    assert.deepEqual([...new Set(seen)].sort(), ['BLANK', 'UNFINISHED', 'ours'], seen.join(' '));
  });

  /** What a killed run leaves of a table: the copy at its end alone, as sfdisk writes that first. */
  const leaveHalf = (path: string): void => {
    const { codes, said } = apply(path);
    assert.deepEqual(codes, [0], said);
    host.output(`partx -d ${path}; dd if=/dev/zero of=${path} bs=1M count=1 conv=notrunc oflag=direct status=none
blockdev --flushbufs ${path}`);
  };

  for (const [what, at] of [
    ['between its ends', 20 * MIB],
    ['beside the half table', SIZE - 60000],
    ['in sector 0', 0],
  ] as const)
    it(`is somebody's where one byte ${what} is: it asks for an approval, and nothing is written`, () => {
      const disk = host.insert('S1', { sizeBytes: SIZE });
      const { path } = disk.device;
      leaveHalf(path);
      const { diff: resumable, steps } = plan(path);
      host.output(`printf x | dd of=${path} bs=1 seek=${at} conv=notrunc status=none; sync ${path}`);
      const before = hashOf(disk);

      const late = host.runSteps(steps);
      const { diff } = plan(path);

      assert.equal(resumable.disks?.[0]?.state, 'UNFINISHED');
      assert.deepEqual(late.codes, [118], late.said);
      assert.match(late.said, /Nothing was written to /);
      assert.match(diff.problems?.[0] ?? '', /OCCUPIED: .*slab disk show storage-07 S1/);
      assert.equal(hashOf(disk), before);
    });

  it("is not taken for ours where the half table is another host's", () => {
    const disk = host.insert('S1', { sizeBytes: SIZE });
    leaveHalf(disk.device.path);
    host.records = { ...host.records, host: 'storage-08' };

    const { diff, steps } = plan(disk.device.path);
    host.records = { ...host.records, host: 'storage-07' };

    assert.match(diff.problems?.[0] ?? '', /OCCUPIED: .*slab disk show storage-08 S1/);
    assert.deepEqual(steps, []);
  });

  for (const [copy, sector] of [
    ['primary', 1],
    ['backup', SIZE / 512 - 1],
  ] as const)
    it(`has the ${copy} copy that it damaged written anew, while a partition is in use and keeps its files`, () => {
      const { path } = host.insert('S1', { sizeBytes: SIZE }).device;
      assert.deepEqual(apply(path).codes, [0]);
      const whole = outcome(path);
      host.output(`mkfs.ext4 -q ${path}p2; mkdir -p /srv/d; mount ${path}p2 /srv/d; echo precious >/srv/d/file; sync
yes torn | dd of=${path} bs=512 seek=${sector} count=1 iflag=fullblock oflag=direct conv=notrunc status=none`);

      const { codes, said, plan: found } = apply(path);
      const again = plan(path);

      assert.deepEqual(
        found.diff.changes.map(({ field, before: was }) => [field, was]),
        [['table', `${copy} copy damaged`]],
      );
      assert.deepEqual(codes, [0], said);
      assert.deepEqual(again.diff.changes, []);
      assert.equal(outcome(path), whole);
      assert.equal(host.output('cat /srv/d/file'), 'precious\n');
      assert.deepEqual(host.runSteps(found.steps).codes, [117]);
    });

  it('leaves what the kernel knows otherwise alone, and says so', () => {
    const { path } = host.insert('S1', { sizeBytes: SIZE }).device;
    assert.deepEqual(apply(path).codes, [0]);
    host.output(`partx -d ${path}`);
    const { steps } = plan(path);
    host.output(`addpart ${path} 1 2048 4096`);

    const late = host.runSteps(steps);

    assert.deepEqual(late.codes, [118], late.said);
    assert.match(late.said, /the kernel knows partitions that its table does not have/);
    assert.match(plan(path).diff.problems?.[0] ?? '', /the kernel does not know its partitions as its table/);
  });
});
