import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { MIB } from '../../support/storage/disk-size.ts';
import { withSlab } from '../../support/slab.ts';

describe('an approval for a device that a state names', function () {
  this.timeout(240_000);
  const request = { count: 1, disks: { count: 1, sizeBytes: 320 * MIB }, diskless: true };
  const { name, on, project: makeProject } = withSlab(request);

  it('is good for once: the same content, restored from a copy, is left alone', async () => {
    const serial = `${name()}-d1`;
    const device = `/dev/disk/by-id/virtio-${serial}`;
    const type = async (): Promise<string> =>
      (await on(name(), `blkid -p -o value -s TYPE ${device}`)).trim();
    const project = makeProject({
      files: { 'states/site.sls': `${device}:\n  blockdev.formatted:\n    - fs_type: xfs\n` },
    });
    await on(
      name(),
      `mkfs.ext4 -q -L OLD ${device}; sync
dd if=${device} of=/tmp/head bs=1M count=16 status=none
dd if=${device} of=/tmp/tail bs=1M skip=304 status=none`,
    );
    const { stdout: shown } = await project.slab('disk', 'show', name(), serial);
    const fingerprint = /--fingerprint ([0-9a-f]{16}) /.exec(shown)?.[1] ?? shown;
    const words = [name(), serial, '--fingerprint', fingerprint, '--reason', 'RMA-1234'];
    const approved = await project.slab('disk', 'approve', ...words);
    assert.equal(approved.code, 0, approved.all);

    const applied = await project.slab('apply', '-y');
    const made = await type();
    const ledger = readFileSync(join(project.directory, `inventories/lab/disks/${serial}.json`), 'utf8');
    await on(
      name(),
      `dd if=/tmp/head of=${device} bs=1M conv=notrunc,fsync status=none
dd if=/tmp/tail of=${device} bs=1M seek=304 conv=notrunc,fsync status=none`,
    );
    const { stdout: again } = await project.slab('disk', 'show', name(), serial);
    const left = await project.slab('apply', '-y');

    assert.equal(applied.code, 0, applied.all);
    assert.equal(made, 'xfs');
    const { approvals } = JSON.parse(ledger) as { approvals: { used?: string }[] };
    assert.notEqual(approvals[0]?.used, undefined, ledger);
    assert.ok(again.includes(fingerprint), 'it is what was approved');
    assert.equal(left.code, 5, left.all);
    assert.match(left.all, /OCCUPIED/);
    assert.equal(await type(), 'ext4');
  });
});
