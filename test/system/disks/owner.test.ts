import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import { MIB } from '../../support/storage/disk-size.ts';
import { withSlab, type Project } from '../../support/slab.ts';

describe('slab disk adopt, of a disk of another host', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 2, disks: { count: 1, sizeBytes: 320 * MIB } });
  const { name, on, prefix, directory } = hosts;
  const serial = (host = 0): string => `${name(host)}-d1`;
  const node = (host = 0): string => `/dev/disk/by-id/virtio-${serial(host)}`;
  const image = (host: number): string =>
    join(directory, 'labs', prefix, 'hosts', name(host), 'disks', `${serial(host)}.img`);
  let project: Project;
  const states = (): string =>
    `object:\n  disk.data:\n    - serials: [${serial()}]\n    - mount: /srv/object/{n}\n    - when_blank: format\n`;
  const words = ['--reason', 'moved', '--fingerprint'];

  /** Gives the disk of the first host to another one, as if it had been moved here. */
  const belongTo = async (host: string): Promise<string> => {
    await on(
      name(),
      `umount /srv/object/1 && mount ${node()}-part1 /mnt && sed -i 's/"host": *"[^"]*"/"host": "${host}"/' /mnt/.slab/disk.json && umount /mnt && sync`,
    );
    const { all } = await project.slab('disk', 'show', name(), serial());
    return /slab disk adopt \S+ \S+ --fingerprint ([0-9a-f]{16}) /.exec(all)?.[1] ?? all;
  };
  const adopt = (fingerprint: string, ...more: readonly string[]) =>
    project.slab('disk', 'adopt', name(), serial(), ...words, fingerprint, ...more);
  const ledger = (): string =>
    readFileSync(join(project.directory, 'inventories', 'lab', 'disks', `${serial()}.json`), 'utf8');

  before(async () => {
    project = hosts.project({
      files: {
        'states/top.sls': `base: {'${name()}': [disks], '*': [nothing]}\n`,
        'states/nothing.sls': 'nothing:\n  test.nop: []\n',
        'states/disks.sls': states(),
      },
    });
    const applied = await project.slab('apply', '-y');
    assert.equal(applied.code, 0, applied.all);
  });

  it('asks that host, and refuses while it has a disk with these ids, whatever is said of it', async () => {
    const fingerprint = await belongTo(name(1));
    copyFileSync(image(0), image(1));
    await on(name(1), `blockdev --flushbufs ${node(1)}`);

    const refused = await adopt(fingerprint);
    const insisted = await adopt(fingerprint, '--owner-gone');

    assert.equal(refused.code, 6, refused.all);
    assert.match(
      refused.all,
      new RegExp(`${name(1)}, whose it is, has it as loop\\d+.*take it out there`, 's'),
    );
    assert.equal(insisted.code, 6, insisted.all);
    assert.doesNotMatch(ledger(), /"adoptions"/);
  });

  it('takes it over when that host says that it does not see it, and keeps that on record', async () => {
    await on(
      name(1),
      `dd if=/dev/zero of=${node(1)} bs=1M count=2 conv=notrunc status=none; dd if=/dev/zero of=${node(1)} bs=1M seek=318 conv=notrunc status=none 2>/dev/null; sync; blockdev --flushbufs ${node(1)}`,
    );
    const { all } = await project.slab('disk', 'show', name(), serial());
    const fingerprint = /slab disk adopt \S+ \S+ --fingerprint ([0-9a-f]{16}) /.exec(all)?.[1] ?? all;

    const adopted = await adopt(fingerprint);
    const applied = await project.slab('apply', '-y');

    assert.equal(adopted.code, 0, adopted.all);
    assert.match(adopted.stdout, new RegExp(`${name(1)} was asked and does not see it`));
    assert.equal(applied.code, 0, applied.all);
    assert.match(ledger(), /was asked and does not see it/);
  });

  it('refuses when that host cannot be asked, until a person says that it no longer reaches the disk', async () => {
    const fingerprint = await belongTo('storage-99');

    const refused = await adopt(fingerprint);
    const adopted = await adopt(fingerprint, '--owner-gone');
    const applied = await project.slab('apply', '-y');

    assert.equal(refused.code, 6, refused.all);
    assert.match(
      refused.all.replace(/\s+/g, ' '),
      /storage-99, whose it is, is no host of this inventory and cannot be asked.*say so with --owner-gone/,
    );
    assert.equal(adopted.code, 0, adopted.all);
    assert.equal(applied.code, 0, applied.all);
    assert.match(ledger(), /storage-99, .*says that it is gone/);
  });
});
