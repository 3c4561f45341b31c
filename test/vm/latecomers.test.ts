import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { MIB } from '../support/storage/disk-size.ts';
import { hashOf } from '../support/storage/image-hash.ts';
import { withVm } from '../support/vm.ts';
import { approveDisk, linkOf, MIRROR } from '../support/vm-disks.ts';

const SIZE = 64 * MIB;

describe('arrays and groups of a virtual machine that come late, or under another name', () => {
  const vm = withVm();
  afterEach(async () => {
    await vm.on(
      'umount -R /mnt /srv/object/* 2>/dev/null; chattr -R -i /srv; rm -rf /srv/object; vgchange -q -an 2>/dev/null; mdadm -S -q --scan 2>/dev/null; true',
    );
    await vm.clear();
  });
  /** An array that holds a file, and is stopped. */
  const makeArray = async (): Promise<readonly string[]> => {
    const files = [
      await vm.plug({ serial: 'A1', sizeBytes: SIZE }),
      await vm.plug({ serial: 'A2', sizeBytes: SIZE }),
    ];
    await vm.on(`mdadm --create /dev/md/data -l1 -n2 -R -q --assume-clean ${linkOf('A1')} ${linkOf('A2')} 2>/dev/null
mkfs.ext4 -q /dev/md/data && mount /dev/md/data /mnt && echo precious >/mnt/file && umount /mnt
sync; mdadm -S -q /dev/md/data; udevadm settle`);
    return files;
  };
  const kept = () => vm.on('mount /dev/md/data /mnt && cat /mnt/file && umount /mnt');
  const idOf = (serial: string) => vm.on(`mdadm --examine ${linkOf(serial)} | sed -n 's/.*Array UUID : //p'`);

  it('H92: an array that runs under another name is known by its id: it is never made anew, and gets its name when nobody uses it', async () => {
    await makeArray();
    const id = await idOf('A1');
    await vm.on(
      `mdadm -A -q /dev/md127 ${linkOf('A1')} ${linkOf('A2')}; udevadm settle; rm -f /dev/md/data; test -b /dev/md127`,
    );
    const project = vm.project({ files: { 'states/site.sls': MIRROR } });

    await vm.on('mount /dev/md127 /mnt');
    const busy = await project.slab('apply', '-y');
    await vm.on('cat /mnt/file && umount /mnt');
    const free = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.equal(busy.code, 5, busy.all);
    assert.match(busy.all, /its array runs as \/dev\/md127.*keeps that name until nobody uses it/s);
    assert.equal(free.code, 0, free.all);
    assert.equal(again.code, 0, again.all);
    assert.deepEqual([await idOf('A1'), await idOf('A2')], [id, id]);
    assert.equal(await kept(), 'precious\n');
  });

  it('H93: an array of which a member comes late is not made of the other, and is assembled when both are there', async () => {
    const [first = ''] = await makeArray();
    const id = await idOf('A1');
    await vm.on(
      `disk=$(basename $(readlink -f ${linkOf('A2')})); echo 1 >/sys/block/$disk/device/delete; udevadm settle; ! test -e ${linkOf('A2')}`,
    );
    const before = hashOf({ file: first });
    const project = vm.project({ files: { 'states/site.sls': MIRROR } });

    const alone = await project.slab('apply', '-y');
    const after = hashOf({ file: first });
    await vm.on(`for host in /sys/class/scsi_host/*/scan; do echo '- - -' >$host; done; udevadm settle
until test -e ${linkOf('A2')}; do sleep 0.2; done; mdadm -S -q --scan 2>/dev/null || true`);
    const both = await project.slab('apply', '-y');

    assert.equal(alone.code, 5, alone.all);
    assert.equal(after, before, alone.all);
    assert.equal(both.code, 0, both.all);
    assert.deepEqual([await idOf('A1'), await idOf('A2')], [id, id]);
    assert.match(await vm.on('cat /proc/mdstat'), /\[2\/2\] \[UU\]/);
    assert.equal(await kept(), 'precious\n');
  });

  it('H94: a group that LVM activates by itself between the approval and the write is in use, and stays', async () => {
    const file = await vm.plug({ serial: 'G1' });
    await vm.on(
      `pvcreate -q ${linkOf('G1')} && vgcreate -q late ${linkOf('G1')} && lvcreate -q -y -n v -l 8 late && vgchange -q -an late; udevadm settle`,
    );
    const holders = `ls /sys/block/$(basename $(readlink -f ${linkOf('G1')}))/holders`;
    assert.equal(await vm.on(holders), '', 'nobody holds it');
    const project = vm.project({
      files: {
        'states/site.sls': `an event of the disk:
  cmd.run:
    - name: |
        disk=$(basename $(readlink -f ${linkOf('G1')}))
        echo add >/sys/block/$disk/uevent
        udevadm settle
        for n in 1 2 3 4 5 6 7 8 9 10; do [ -z "$(ls /sys/block/$disk/holders)" ] || exit 0; sleep 1; done
        exit 1
object:
  disk.data:
    - serials: [G1]
    - mount: /srv/object/{n}
    - when_blank: format
    - require: [{ cmd: an event of the disk }]
`,
      },
    });
    await approveDisk(project, vm.name(), 'G1');
    const before = hashOf({ file });

    const applied = await project.slab('apply', '-y');

    assert.match(await vm.on(holders), /^dm-/, applied.all);
    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all.replace(/\s+/g, ' '), /in use: held by dm-/);
    assert.equal(hashOf({ file }), before);
  });
});
