import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { MIB } from '../../support/storage/disk-size.ts';
import { exportFaulty } from '../../support/storage/faulty-disk.ts';
import { readWriteLog, replayUntil, sparseFile, type LoggedWrite } from '../../support/storage/write-log.ts';
import { withMemoryFolder } from '../../support/storage/with-memory-folder.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const SIZE = 116 * MIB;
const WANTED = {
  ...{ serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' },
  filesystem: 'btrfs',
};

/** Where a btrfs has its superblock and its copy, on the partition that begins at 1 MiB; 4 KiB each. */
const SUPERBLOCKS = [MIB + 65536, MIB + 64 * MIB];

function isSuperblock({ offset, length, discard }: LoggedWrite): boolean {
  return !discard && SUPERBLOCKS.some((at) => offset < at + 4096 && at < offset + length);
}

describe('a btrfs whose format is cut by a power cut in a write of its superblock', function () {
  this.timeout(600_000);
  const host = withDiskHost();
  const folder = withMemoryFolder('btrfs');

  it('is finished by the next run, which asks nobody, however the write was torn', async () => {
    const file = join(folder(), 'disk');
    sparseFile(file, SIZE);
    const log = `${file}.log`;
    const faulty = await exportFaulty(file, mkdtempSync(join(folder(), 'l-')), { log });
    const logged = host.insert('S1', { file: faulty.path });
    // All but the mount that follows the commit: whatever that one writes is of a disk in use.
    const format = host.plan(WANTED).steps.slice(0, 1);
    const { codes, said } = host.runSteps(format);
    assert.deepEqual(codes, [0], said);
    host.remove(logged);
    await faulty.remove();
    const cuts = readWriteLog(log).flatMap((write, n) => (isSuperblock(write) ? [{ write, n }] : []));
    assert.ok(cuts.length >= 8, `${cuts.length} writes of superblocks`);

    for (const [at, { write, n }] of cuts.entries()) {
      // The first half of the write arrives, or the second one, by turns.
      const keepsFirst = at % 2 === 0;
      const image = join(folder(), 'cut');
      sparseFile(image, SIZE);
      let sector = 0;
      replayUntil(
        log,
        image,
        n + 1,
        ({ dataAt }) => (dataAt === write.dataAt ? 'torn' : 'kept'),
        () => sector++ < write.length / 1024 === keepsFirst,
      );
      const disk = host.insert('S1', { file: image });
      host.run(`partx --add ${disk.device.path}`);
      const found = host.apply(WANTED);
      const words = `write ${n}, ${keepsFirst ? 'first' : 'second'} half kept: ${JSON.stringify(found.plan.diff)} ${found.said}`;
      assert.equal(found.plan.diff.disks?.[0]?.state, 'UNFINISHED', words);
      assert.ok(found.codes.every((code) => code === 0), words); // prettier-ignore
      assert.deepEqual(host.plan(WANTED).diff.changes, [], words);
      assert.match(host.output('cat /srv/object/1/.slab/disk.json'), /"serial":"S1"/);
      host.output('umount -R /srv/object/1');
      host.remove(disk);
    }
  });
});
