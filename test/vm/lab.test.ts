import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { MIB } from '../support/storage/disk-size.ts';
import { withVm } from '../support/vm.ts';

describe('virtual machines of the lab', () => {
  const vm = withVm();
  before(() => vm.plug({ serial: 'KEEP1', sizeBytes: 64 * MIB }));
  after(() => vm.clear());

  it('run a kernel of their own, which knows bonds, VLANs, arrays and mapped devices', async () => {
    const modules = await vm.on(
      'for m in bonding 8021q raid1 dm-mod dm-crypt; do modprobe $m && echo $m; done; uname -r',
    );

    assert.match(modules.trim(), /^bonding\n8021q\nraid1\ndm-mod\ndm-crypt\n\d+\..*-cloud-amd64$/);
  });

  it('have disks that udev finds by serial number and by world wide name', async () => {
    const found =
      await vm.on(`udevadm info --query=property --property=ID_SERIAL_SHORT,ID_SCSI_SERIAL,ID_WWN --name=/dev/sda;
      readlink -f /dev/disk/by-id/scsi-SQEMU_QEMU_HARDDISK_KEEP1; cat /sys/block/sda/device/wwid`);

    assert.match(found, /ID_SCSI_SERIAL=KEEP1\n/);
    assert.match(found, /ID_WWN=0x5[0-9a-f]{15}\n/);
    assert.match(found, /\n\/dev\/sda\n/);
  });

  it('forget what was written when the power is cut, but for what is on data disks', async () => {
    await vm.on(
      'mkfs.ext4 -q /dev/sda && mount /dev/sda /mnt && echo kept >/mnt/file && umount /mnt; echo gone >/etc/marker; sync',
    );
    const boot = await vm.on('cat /proc/sys/kernel/random/boot_id');

    await vm.cutPower();

    assert.equal(
      (await vm.on('ls /etc/marker 2>&1 || true')).trim(),
      "ls: cannot access '/etc/marker': No such file or directory",
    );
    assert.equal((await vm.on('mount /dev/sda /mnt && cat /mnt/file && umount /mnt')).trim(), 'kept');
    assert.notEqual(await vm.on('cat /proc/sys/kernel/random/boot_id'), boot);
  });
});
