import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

describe("Salt's own storage functions on a host", function () {
  this.timeout(180_000);
  const hosts = withSlab({ count: 1, disks: { count: 2, sizeBytes: 400 * 2 ** 20 } });
  const { name, on } = hosts;
  const link = (n: number): string => `/dev/disk/by-id/virtio-${name()}-d${n}`;
  const files = (opts = 'noatime,nofail') => ({
    'states/site.sls': `
/srv/data:
  mount.mounted:
    - device: ${link(1)}
    - fstype: xfs
    - opts: ${opts}
    - mkmnt: True

${link(1)}:
  blockdev.formatted:
    - fs_type: xfs

fills:
  filesystem.grow:
    - name: /srv/data
`,
  });

  it('format, mount and persist in one plan, in the order in which they need each other; the second plan is empty', async () => {
    const project = hosts.project({ files: files() });

    const planned = await project.slab('plan', '--detailed-exitcode');
    const applied = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.equal(planned.code, 2, planned.all);
    assert.match(
      planned.stdout,
      /blockdev .* BLANK → xfs.*mount \/srv\/data.*seen before earlier steps of this plan/s,
    );
    assert.equal(applied.code, 0, applied.all);
    assert.equal(again.code, 0, again.all);
    assert.match(await on(name(), 'grep " /srv/data " /proc/self/mountinfo'), /noatime.* - xfs/);
    assert.match(await on(name(), 'cat /etc/fstab'), /\/srv\/data\txfs\tnoatime,nofail\t0\t0\n$/);
  });

  it('mend an option that has drifted, and keep what is on the disk', async () => {
    await on(name(), 'echo precious >/srv/data/file; mount -o remount,relatime /srv/data; sync');
    const project = hosts.project({ files: files('noatime,nofail,nodev') });

    const applied = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.equal(applied.code, 0, applied.all);
    assert.equal(again.code, 0, again.all);
    assert.match(await on(name(), 'grep " /srv/data " /proc/self/mountinfo'), /nodev/);
    assert.equal(await on(name(), 'cat /srv/data/file'), 'precious\n');
  });

  it('leave a disk alone that holds something else, and say which and how on', async () => {
    await on(name(), `mkfs.ext4 -q -F $(readlink -f ${link(2)})`);
    const hash = () => on(name(), `dd if=${link(2)} bs=1M iflag=direct status=none | sha256sum`);
    const before = await hash();
    const project = hosts.project({
      files: { 'states/site.sls': `${link(2)}:\n  blockdev.formatted:\n    - fs_type: xfs\n` },
    });

    const applied = await project.slab('apply', '-y');
    const shown = await project.slab('disk', 'show', name(), `${name()}-d2`);

    assert.notEqual(applied.code, 0, applied.all);
    assert.match(applied.all, new RegExp(`OCCUPIED: ext4.*slab disk show ${name()} ${name()}-d2`, 's'));
    assert.match(shown.all, new RegExp(`slab disk approve ${name()} ${name()}-d2 --fingerprint`));
    assert.equal(await hash(), before);
  });
});

describe('a file system on a partition that the same apply was to make', function () {
  this.timeout(180_000);
  const hosts = withSlab({ count: 1, disks: { count: 2, sizeBytes: 320 * 2 ** 20 } });
  const link = (n: number): string => `/dev/disk/by-id/virtio-${hosts.name()}-d${n}`;

  it('is not made when the disk is refused, whatever answers to the name by then', async () => {
    const project = hosts.project({
      files: {
        'states/site.sls': `
meanwhile:
  cmd.run:
    - name: >-
        echo precious | dd of=${link(1)} conv=notrunc,fsync status=none;
        mkdir -p /dev/disk/by-partlabel; ln -sfn ${link(2)} /dev/disk/by-partlabel/data

${link(1)}:
  partition.present:
    - partitions: [{name: data}]

/dev/disk/by-partlabel/data:
  blockdev.formatted:
    - fs_type: xfs
`,
      },
    });

    const { code, all } = await project.slab('apply', '-y');

    assert.equal(code, 5, all);
    assert.match(all, /the host is no longer as the plan saw it; this step has changed nothing/);
    assert.match(all, /requires partition\.present \S+, which failed/);
    assert.equal(await hosts.on(hosts.name(), `cmp -n ${320 * 2 ** 20} ${link(2)} /dev/zero`), '');
  });
});
