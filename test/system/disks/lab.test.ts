import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { eventually } from '../../support/lab.ts';
import { withSlab } from '../../support/slab.ts';

describe('data disks of a diskless host', function () {
  this.timeout(180_000);
  const hosts = withSlab({ count: 1, diskless: true, disks: { count: 2, sizeBytes: 400 * 2 ** 20 } });
  const { name, on } = hosts;
  const states = (more = '') => ({
    'states/site.sls': `
object:
  disk.data:
    - serials: [${name()}-d1, ${name()}-d2]
    - mount: /srv/object/{n}
    - when_blank: format
${more}`,
  });

  it('are formatted, mounted and ours after the first apply; the second plan is empty', async () => {
    const project = hosts.project({ files: states() });

    const planned = await project.slab('plan', '--detailed-exitcode');
    const applied = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.equal(planned.code, 2, planned.all);
    assert.match(planned.stdout, /Writes to disks: 2 \(2 new, 0 unfinished\)\. Destroys data: 0\./);
    assert.equal(applied.code, 0, applied.all);
    assert.equal(again.code, 0, again.all);
    assert.match(await on(name(), 'cat /srv/object/1/.slab/disk.json'), /"n":1/);
  });

  it('come back with what was on them when the host has booted and forgotten everything', async () => {
    const project = hosts.project({ files: states() });
    await on(name(), 'echo precious >/srv/object/2/file; sync');

    await hosts.lab.power(name(), 'cycle');
    await eventually('the host knows its disks', async () => {
      const { stdout } = await hosts.ssh(name(), 'ls /dev/disk/by-partlabel 2>/dev/null | wc -l');
      return stdout.trim() === '2';
    });
    const planned = await project.slab('plan');
    const applied = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.match(planned.stdout, /READY/);
    assert.doesNotMatch(planned.stdout, /FORMATTED/);
    assert.equal(applied.code, 0, applied.all);
    assert.equal(again.code, 0, again.all);
    assert.equal(await on(name(), 'cat /srv/object/2/file'), 'precious\n');
  });

  it('that hold something else are left alone, and the plan says what and on which disk', async () => {
    const project = hosts.project({ files: states() });
    const disk = `/dev/disk/by-id/virtio-${name()}-d1`;
    await on(
      name(),
      `umount /srv/object/1; wipefs -q -a $(readlink -f ${disk}); mkfs.ext4 -q -F $(readlink -f ${disk})`,
    );
    const hash = () => on(name(), `dd if=${disk} bs=1M iflag=direct status=none | sha256sum`);
    const before = await hash();

    const planned = await project.slab('plan');
    const applied = await project.slab('apply', '-y');

    assert.match(planned.stdout, new RegExp(`${name()}-d1 .*(OCCUPIED|UNREADABLE)`));
    assert.notEqual(applied.code, 0, applied.all);
    assert.equal(await hash(), before);
  });
});
