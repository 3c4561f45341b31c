import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { MIB } from '../../support/storage/disk-size.ts';
import { withSlab } from '../../support/slab.ts';

describe('data disks of one state', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 1, disks: { count: 3, sizeBytes: 320 * MIB } });
  const serial = (n: number): string => `${hosts.name()}-d${n}`;
  const objects = `object:
  disk.data:
    - serials: [${[1, 2, 3].map((n) => `"{{ grains.id }}-d${n}"`).join(', ')}]
    - mount: /srv/object/{n}
    - when_blank: format
`;
  const write = `written in between:
  cmd.run:
    - name: echo precious | dd of=/dev/disk/by-id/virtio-{{ grains.id }}-d2 conv=notrunc,fsync status=none
`;
  const project = (site: string) => hosts.project({ files: { 'states/site.sls': site } });

  it('are all formatted but the one that somebody wrote to since the plan, which is named and left alone', async () => {
    const applied = await project(`${write}${objects}    - require: [{ cmd: written in between }]\n`).slab(
      'apply',
      '-y',
    );

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, new RegExp(`format disk ${serial(2)} as xfs`));
    assert.match(applied.all, /the host is no longer as the plan saw it; this step has changed nothing/);
    assert.equal(
      await hosts.on(hosts.name(), 'ls -d /srv/object/*; head -c 9 /dev/disk/by-id/virtio-*-d2'),
      '/srv/object/1\n/srv/object/2\n/srv/object/3\nprecious\n',
    );
    assert.equal(
      await hosts.on(hosts.name(), 'findmnt -rno TARGET -t xfs | sort'),
      '/srv/object/1\n/srv/object/3\n',
    );
    const listed = await project(objects).slab('disk', 'list');
    for (const [n, state] of ['READY', 'OCCUPIED', 'READY'].entries())
      assert.match(listed.stdout, new RegExp(`${serial(n + 1)} .* ${state} `));
  });
});
