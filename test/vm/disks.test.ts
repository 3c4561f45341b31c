import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { hashOf } from '../support/storage/image-hash.ts';
import { withVm } from '../support/vm.ts';
import type { Project } from '../support/slab.ts';

describe('data disks of a virtual machine', () => {
  const vm = withVm();
  afterEach(async () => {
    await vm.on('umount -R /srv/object/* 2>/dev/null; chattr -R -i /srv; rm -rf /srv/object; true');
    await vm.clear();
  });

  const projectFor = (serials: readonly string[]): Project =>
    vm.project({
      files: {
        'states/site.sls': `object:
  disk.data:
    - serials: [${serials.join(', ')}]
    - mount: /srv/object/{n}
    - when_blank: format
    - max_new: 4
`,
      },
    });
  const nodeOf = (serial: string) =>
    vm.on(`readlink -f /dev/disk/by-id/*${serial} | head -n 1`).then((node) => node.trim());

  it('on SCSI, virtio and NVMe are formatted and mounted, come back after the power is cut, and nothing else does', async () => {
    await vm.plug({ serial: 'SCSI1' });
    await vm.plug({ serial: 'VIRT1', bus: 'virtio' });
    await vm.plug({ serial: 'NVME1', bus: 'nvme' });
    const project = projectFor(['SCSI1', 'VIRT1', 'NVME1']);

    const applied = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');
    const mounted = await vm.on('findmnt -rno SOURCE -t xfs | sort');
    const place = (await vm.on('findmnt -rno TARGET -S $(findmnt -rno SOURCE -t xfs | grep /dev/sd)')).trim();
    await vm.on(`echo kept >${place}/file; echo gone >/etc/marker; sync`);
    await vm.cutPower();
    const only = projectFor(['SCSI1']);
    const back = await only.slab('apply', '-y');

    assert.equal(applied.code, 0, applied.all);
    assert.equal(again.code, 0, again.all);
    assert.match(mounted, /^\/dev\/nvme\dn1p1\n\/dev\/sd[a-z]1\n\/dev\/vd[a-z]1\n$/);
    assert.equal(back.code, 0, back.all);
    assert.equal((await vm.on(`cat ${place}/file; ls /etc/marker 2>/dev/null || true`)).trim(), 'kept');
    assert.match(await vm.on(`findmnt -no SOURCE ${place}`), /\/dev\/sd/);
  });

  for (const [what, make] of [
    [
      'a member of an array that is stopped',
      'mdadm --create /dev/md/x -l1 -n2 -R -q --assume-clean $DISK missing && mdadm -S -q /dev/md/x',
    ],
    ['a member of an array that runs', 'mdadm --create /dev/md/x -l1 -n2 -R -q --assume-clean $DISK missing'],
    [
      'a physical volume of an inactive group',
      'pvcreate -q $DISK && vgcreate -q x $DISK && lvcreate -q -y -n v -l 1 x && vgchange -q -an x',
    ],
    [
      'a physical volume of an active group',
      'pvcreate -q $DISK && vgcreate -q x $DISK && lvcreate -q -y -n v -l 1 x',
    ],
    [
      'a LUKS container',
      'printf k | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file - $DISK',
    ],
    [
      'an open LUKS container',
      'printf k | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file - $DISK && printf k | cryptsetup open --key-file - $DISK x',
    ],
  ] as const)
    it(`holding ${what} are left alone, to the last byte`, async () => {
      const file = await vm.plug({ serial: 'OCC1' });
      const node = await nodeOf('OCC1');
      await vm.on(`DISK=${node}; { ${make}; } >/dev/null 2>&1 && sync && udevadm settle`);
      const before = hashOf({ file });

      const applied = await projectFor(['OCC1']).slab('apply', '-y');
      const after = hashOf({ file });
      await vm.on(
        'cryptsetup close x 2>/dev/null; vgchange -q -an x 2>/dev/null; mdadm -S -q /dev/md/x 2>/dev/null; true',
      );

      assert.equal(applied.code, 5, applied.all);
      assert.match(applied.all, /disk OCC1.*: (OCCUPIED|BUSY): /);
      assert.equal(after, before);
    });

  it('that are reached over two paths without multipath are ambiguous, and neither path is written to', async () => {
    const file = await vm.plug({ serial: 'PATH1' });
    await vm.plug({ serial: 'PATH1', pathOf: 'PATH1' });
    const before = hashOf({ file });

    const applied = await projectFor(['PATH1']).slab('apply', '-y');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /2 paths to one disk .* no multipath device above them/);
    assert.equal(hashOf({ file }), before);
  });

  it('that are swapped between plan and apply are refused, though the kernel gives the new one the old name', async () => {
    await vm.plug({ serial: 'SWAP1' });
    const node = await nodeOf('SWAP1');
    const project = projectFor(['SWAP1']);
    await vm.on('mkdir -p /run/hold && mkfifo /run/hold/go');
    project.write({
      'states/site.sls': `wait for a change of disks:
  cmd.run:
    - name: 'echo ready >/run/hold/ready; cat /run/hold/go >/dev/null'
object:
  disk.data:
    - serials: [SWAP1]
    - mount: /srv/object/{n}
    - when_blank: format
    - require: [{ cmd: wait for a change of disks }]
`,
    });

    const apply = project.start('apply', '-y');
    await vm.on('until [ -e /run/hold/ready ]; do sleep 0.1; done');
    await vm.unplug('SWAP1');
    const other = await vm.plug({ serial: 'SWAP2' });
    const before = hashOf({ file: other });
    const renamed = await nodeOf('SWAP2');
    await vm.on('echo go >/run/hold/go; rm -r /run/hold');
    const { code, all } = await apply.ended;

    assert.equal(renamed, node, 'the kernel uses the name again');
    assert.equal(code, 5, all);
    assert.match(all, /changed since the plan: (diskseq|its device number|its serial number) was/);
    assert.equal(hashOf({ file: other }), before);
  });
});
