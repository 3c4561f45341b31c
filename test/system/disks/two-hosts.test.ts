import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { MIB } from '../../support/storage/disk-size.ts';
import { withSlab } from '../../support/slab.ts';

describe('data disks of two hosts', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 2, disks: { count: 1, sizeBytes: 320 * MIB } });
  const project = () =>
    hosts.project({
      files: {
        'states/top.sls': "base: {'*': [disks]}\n",
        'states/disks.sls':
          'object:\n  disk.data:\n    - serials: ["{{ grains.id }}-d1"]\n    - mount: /srv/object/{n}\n    - when_blank: format\n',
      },
    });

  it('are listed in the order of the hosts’ names, whichever answers first', async () => {
    await hosts.on(hosts.name(0), "mkdir -p /root/.ssh; echo 'sleep 2' > /root/.ssh/rc");

    const { code, stdout } = await project().slab('disk', 'list');

    await hosts.on(hosts.name(0), 'rm /root/.ssh/rc');
    assert.equal(code, 0, stdout);
    assert.match(stdout, new RegExp(`^${hosts.name(0)}\\n[^]*^${hosts.name(1)}\\n`, 'm'));
  });

  it('are one group of a plan when both have blank ones of their own, and each is in the picture', async () => {
    const { code, stdout } = await project().slab('plan');

    assert.equal(code, 0, stdout);
    assert.match(stdout, / · 1 change each · each with its own name, shown for /);
    for (const index of [0, 1])
      assert.match(stdout, new RegExp(`${hosts.name(index)}-d1 .* will be FORMATTED`));
  });
});
