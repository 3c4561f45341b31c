import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { MIB } from '../support/storage/disk-size.ts';
import { withVm } from '../support/vm.ts';
import { approveDisk, linkOf } from '../support/vm-disks.ts';

const VOLUME = `data:
  lvm.lv_present:
    - vgname: vg0
    - size: 16M
`;
const FORMATTED = `/dev/vg0/data:
  blockdev.formatted:
    - fs_type: ext4
`;

describe('a volume of a virtual machine whose lvcreate was killed', () => {
  const vm = withVm();
  const link = linkOf('G1');
  afterEach(async () => {
    await vm.on(
      'rm -f /usr/local/sbin/lvm; udevadm control --start-exec-queue; umount /mnt 2>/dev/null; vgchange -q -an 2>/dev/null; true',
    );
    await vm.clear();
  });

  it('shows the files of one that was removed: they are not taken for what was declared, and go with an approval', async () => {
    await vm.plug({ serial: 'G1', sizeBytes: 32 * MIB });
    // lvcreate waits for udev between the node of the volume and what lies on it.
    await vm.on(`pvcreate -q ${link} && vgcreate -q vg0 ${link} && lvcreate -q -y -n old -L 16M vg0 && mkfs.ext4 -q /dev/vg0/old
mount /dev/vg0/old /mnt && echo precious >/mnt/file && umount /mnt && lvremove -q -y vg0/old; udevadm settle
cat >/usr/local/sbin/lvm <<'END'
#!/bin/sh
[ "$1" = lvcreate ] || exec /usr/sbin/lvm "$@"
udevadm control --stop-exec-queue
/usr/sbin/lvm "$@" &
until [ -e /sys/block/dm-0 ]; do sleep 0.1; done
kill -9 $! "$PPID" "$$"
END
chmod 0755 /usr/local/sbin/lvm`);
    const project = vm.project({ files: { 'states/site.sls': VOLUME } });
    const killed = await project.slab('apply', '-y');
    await vm.on(
      'rm /usr/local/sbin/lvm; udevadm control --start-exec-queue; dmsetup udevcomplete_all -y >/dev/null; dmsetup mknodes; udevadm trigger --settle --subsystem-match=block; vgchange -q -ay vg0',
    );
    const left = await vm.on('lvs --noheadings -o lv_tags vg0/data; blkid -p -o value -s TYPE /dev/vg0/data');
    project.write({ 'states/site.sls': VOLUME + FORMATTED });

    const refused = await project.slab('apply', '-y');
    const kept = await vm.on('mount -o ro /dev/vg0/data /mnt; cat /mnt/file; umount /mnt');
    const serial = (await vm.on('cat /sys/block/dm-0/dm/uuid')).trim();
    await approveDisk(project, vm.name(), serial);
    const applied = await project.slab('apply', '-y');

    assert.notEqual(killed.code, 0, killed.all);
    assert.match(left, /slab\.unwiped.*\next4\n$/, killed.all);
    assert.equal(refused.code, 5, refused.all);
    assert.match(
      refused.all.replace(/\s+/g, ' '),
      /data: OCCUPIED: ext4 .* its volume was made and not cleared of what lay on its extents before/,
    );
    assert.equal(kept, 'precious\n');
    assert.equal(applied.code, 0, applied.all);
    assert.equal(
      await vm.on(
        'lvs --noheadings -o lv_tags vg0/data | tr -d " "; mount /dev/vg0/data /mnt; ls /mnt; umount /mnt',
      ),
      '\nlost+found\n',
    );
  });
});
