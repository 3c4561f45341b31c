import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'mocha';
import { MIB } from '../../support/storage/disk-size.ts';
import { attachFaulty } from '../../support/storage/faulty-disk.ts';
import { readWriteLog, replayUntil, sparseFile } from '../../support/storage/write-log.ts';
import { withMemoryFolder } from '../../support/storage/with-memory-folder.ts';

const SIZE = 16 * MIB;

describe('a disk with faults', () => {
  const folder = withMemoryFolder('faults');
  let file = '';
  beforeEach(() => {
    file = join(folder(), 'disk');
    sparseFile(file, SIZE);
  });

  it('logs writes and flushes, so that what a power cut leaves can be made again', async () => {
    const log = join(folder(), 'log');
    const disk = await attachFaulty(file, folder(), { log });
    put(disk.device.path, 1, 'first', 'fsync');
    put(disk.device.path, 2, 'second');
    await disk.remove();
    const writes = readWriteLog(log);
    const lastWrite = writes.findLastIndex(({ length }) => length > 0);

    const kept = leftOf(log, lastWrite + 1, 'kept');
    const lost = leftOf(log, lastWrite + 1, 'lost');

    assert.deepEqual(kept, readFileSync(file));
    assert.equal(lost.toString('latin1', MIB, MIB + 5), 'first', 'a flush had covered it');
    assert.equal(lost.toString('latin1', 2 * MIB, 2 * MIB + 6), '\0'.repeat(6));
  });

  it('fails to read one sector, which no tool of util-linux tells from a blank disk', async () => {
    execFileSync('mkfs.ext4', ['-q', '-F', file]);
    const disk = await attachFaulty(file, folder(), { errors: [{ on: 'read', sector: 2 }] });
    try {
      const blkid = spawnSync('blkid', ['-p', disk.device.path], { encoding: 'utf8' });
      const wipefs = spawnSync('wipefs', ['-n', disk.device.path], { encoding: 'utf8' });
      const dd = spawnSync('dd', [`if=${disk.device.path}`, 'of=/dev/null', 'bs=4k', 'count=1']);

      assert.deepEqual([blkid.status, blkid.stdout, blkid.stderr], [2, '', '']);
      assert.deepEqual([wipefs.status, wipefs.stdout], [0, '']);
      assert.equal(dd.status, 1);
    } finally {
      await disk.remove();
    }
  });

  function leftOf(log: string, cut: number, fate: 'kept' | 'lost'): Buffer {
    const image = join(folder(), fate);
    sparseFile(image, SIZE);
    replayUntil(log, image, cut, () => fate, () => true); // prettier-ignore
    return readFileSync(image);
  }
});

function put(device: string, atMib: number, text: string, ...conv: readonly string[]): void {
  const block = Buffer.alloc(4096);
  block.write(text);
  const words = [`of=${device}`, 'bs=4096', `seek=${(atMib * MIB) / 4096}`, 'oflag=direct', 'status=none'];
  execFileSync('dd', [...words, `conv=${['notrunc', ...conv].join(',')}`], { input: block });
}
