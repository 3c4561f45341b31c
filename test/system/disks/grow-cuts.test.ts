import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { Random } from '../../campaign/random.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { exportFaulty } from '../../support/storage/faulty-disk.ts';
import { readWriteLog, replayUntil, sparseFile } from '../../support/storage/write-log.ts';
import { withMemoryFolder } from '../../support/storage/with-memory-folder.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const POINT = '/srv/d';
/** The most places that are cut: how many writes a kernel makes of it varies. */
const CUTS = 10;

/** File systems smaller than their disks, of so many MiB. The kernel lets not everybody grow an ext4, and no btrfs to less than 256 MiB. */
const KINDS = [
  { filesystem: 'xfs', option: '-dsize=304m', disk: 336 },
  { filesystem: 'btrfs', option: '-b272m', disk: 304 },
] as const;

describe('a file system that grows while the power is cut', function () {
  this.timeout(600_000);
  const host = withDiskHost();
  const folder = withMemoryFolder('grow');

  for (const { filesystem, option, disk } of KINDS)
    it(`loses nothing, and the next run makes it fill its device, wherever that was (${filesystem})`, async () => {
      const file = join(folder(), 'disk');
      sparseFile(file, disk * MIB);
      const made = host.insert('S1', { file });
      host.output(`mkfs.${filesystem} -q ${option} ${made.device.path}; mkdir -p ${POINT}
mount ${made.device.path} ${POINT}; seq 100000 >${POINT}/file; sha256sum ${POINT}/file >/run/sum; umount ${POINT}`);
      host.remove(made);
      const before = join(folder(), 'before');
      execFileSync('cp', ['--sparse=always', file, before]);
      const log = `${file}.log`;
      const faulty = await exportFaulty(file, mkdtempSync(join(folder(), 'l-')), { log });
      const logged = host.insert('S1', { file: faulty.path });
      host.output(`mount ${logged.device.path} ${POINT}; sync`);
      const mounted = readWriteLog(log).length;
      const { codes, said } = host.applyState('filesystem.grow', POINT);
      host.output(`umount ${POINT}`);
      assert.deepEqual(codes, [0], said);
      host.remove(logged);
      await faulty.remove();
      const writes = readWriteLog(log).length;
      const cuts = Math.min(CUTS, writes - mounted);
      assert.ok(cuts >= 4, `${cuts} writes`);

      const ends: string[] = [];
      for (let n = 0; n <= cuts; n++) {
        const random = new Random(n);
        const cut = mounted + Math.floor((n * (writes - mounted)) / cuts);
        const image = join(folder(), 'cut');
        execFileSync('cp', ['--sparse=always', before, image]);
        replayUntil(
          log,
          image,
          cut,
          () => random.pick(['kept', 'lost', 'torn']),
          () => random.chance(0.5),
        );
        const left = host.insert('S1', { file: image });
        host.output(`mount ${left.device.path} ${POINT}`);
        const { diff, steps } = host.planState('filesystem.grow', POINT);
        const resumed = host.runSteps(steps);
        const words = `cut ${cut}/${writes}: ${JSON.stringify(diff)} ${resumed.said}`;
        ends.push(steps.length === 0 ? 'grown' : 'to grow');
        assert.ok(resumed.codes.every((code) => code === 0), words); // prettier-ignore
        assert.deepEqual(host.planState('filesystem.grow', POINT).diff.changes, [], words);
        assert.match(host.output('sha256sum -c /run/sum'), /: OK\n$/, words);
        host.output(`umount ${POINT}`);
        host.remove(left);
      }
      assert.deepEqual([...new Set(ends)].sort(), ['grown', 'to grow'], 'before and after it was done');
    });
});
