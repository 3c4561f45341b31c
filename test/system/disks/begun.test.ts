import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { hashOf } from '../../support/storage/image-hash.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { exportFaulty } from '../../support/storage/faulty-disk.ts';
import { readWriteLog, replayUntil, sparseFile } from '../../support/storage/write-log.ts';
import { withMemoryFolder } from '../../support/storage/with-memory-folder.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

/** What makes something of a whole device, and what blkid calls it. */
const MADE = [
  {
    state: 'luks.present',
    name: 'vault',
    args: { key: 'correct horse', pbkdf: 'pbkdf2', pbkdf_iterations: 1000 },
    sizeBytes: 48 * MIB,
    // While it fills the first 16 MiB with noise, nothing says whose that is: of those writes every eighth is tried.
    order: ['BLANK', 'OCCUPIED', 'UNFINISHED', 'READY'],
    last: 14,
  },
  {
    state: 'blockdev.formatted',
    name: '',
    args: { fs_type: 'xfs' },
    sizeBytes: 302 * MIB,
    // Its first write is the superblock. It has nearly 90, of which every eighth is tried, and the last ones.
    order: ['BLANK', 'UNFINISHED', 'READY'],
    last: 5,
  },
] as const;

for (const { state, name, args, sizeBytes, order, last } of MADE)
  describe(`${state} that is killed`, function () {
    this.timeout(600_000);
    const host = withDiskHost();
    const folder = withMemoryFolder('begun');
    const plan = (path: string) =>
      host.planState(state, name === '' ? path : name, {
        args: { ...args, ...(name === '' ? {} : { device: path }) },
      });
    /** What it is found as, and the step that makes it; opening a container needs device mapper. */
    const find = (path: string) => {
      const { diff, steps } = plan(path);
      return { seen: diff.disks?.[0]?.state ?? '', make: steps.slice(0, 1), words: JSON.stringify(diff) };
    };

    it('at any write is BLANK, or asks for an approval, or goes on by itself, or is whole; nothing else is touched', async () => {
      const file = join(folder(), 'disk');
      sparseFile(file, sizeBytes);
      const log = `${file}.log`;
      const faulty = await exportFaulty(file, mkdtempSync(join(folder(), 'l-')), { log });
      const logged = host.insert('S1', { file: faulty.path });
      const { make } = find(logged.device.path);
      assert.deepEqual(host.runSteps(make).codes, [0]);
      host.remove(logged);
      await faulty.remove();
      const writes = readWriteLog(log).length;
      const seenAt: string[] = [];

      for (let cut = 0; cut <= writes; cut += cut < writes - last - 8 ? 8 : 1) {
        const image = join(folder(), 'cut');
        sparseFile(image, sizeBytes);
        replayUntil(
          log,
          image,
          cut,
          () => 'kept',
          () => true,
        );
        const disk = host.insert('S1', { file: image });
        const before = hashOf(disk);
        const found = find(disk.device.path);
        assert.equal(hashOf(disk), before, 'a plan reads only');
        seenAt.push(found.seen);
        if (found.seen === 'UNFINISHED' && seenAt.at(-2) !== 'UNFINISHED') {
          const { codes, said } = host.runSteps(found.make);
          assert.deepEqual(codes, [0], said);
          assert.equal(find(disk.device.path).seen, 'READY');
        }
        if (found.seen === 'OCCUPIED') assert.deepEqual(found.make, []);
        host.remove(disk);
      }

      const changes = seenAt.filter((seen, at) => seen !== seenAt[at - 1]);
      assert.deepEqual(changes, order, seenAt.join(' '));
    });
  });
