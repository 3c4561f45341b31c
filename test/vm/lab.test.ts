import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withLab } from '../support/lab.ts';
import { MIB } from '../support/storage/disk-size.ts';

describe('virtual machines of the lab', () => {
  const request = { form: 'vm', diskless: true, disks: { count: 1, sizeBytes: 64 * MIB }, nics: 2 } as const;
  const { lab, hosts, ssh } = withLab(request);
  const name = () => hosts()[0]?.name ?? '';
  const on = async (command: string): Promise<string> => {
    const { code, stdout, stderr } = await ssh(name(), command);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  };

  it('run a kernel of their own, which knows bonds, VLANs, arrays and mapped devices', async () => {
    const modules = await on(
      'for m in bonding 8021q raid1 dm-mod dm-crypt; do modprobe $m && echo $m; done; uname -r',
    );

    assert.match(modules, /^bonding\n8021q\nraid1\ndm-mod\ndm-crypt\n\d+\..*-cloud-amd64$/);
  });

  it('have disks that udev finds by serial number and by world wide name', async () => {
    const serial = `${name()}-d1`;
    const found =
      await on(`udevadm info --query=property --property=ID_SERIAL_SHORT,ID_SCSI_SERIAL,ID_WWN --name=/dev/sda;
      readlink -f /dev/disk/by-id/scsi-SQEMU_QEMU_HARDDISK_${serial}; cat /sys/block/sda/device/wwid`);

    assert.match(found, new RegExp(`ID_SCSI_SERIAL=${serial}\n`));
    assert.match(found, /ID_WWN=0x5[0-9a-f]{15}\n/);
    assert.match(found, /\n\/dev\/sda\n/);
  });

  it('forget what was written when the power is cut, but for what is on data disks', async () => {
    await on(
      'mkfs.ext4 -q /dev/sda && mount /dev/sda /mnt && echo kept >/mnt/file && umount /mnt; echo gone >/etc/marker; sync',
    );
    const boot = await on('cat /proc/sys/kernel/random/boot_id');

    await lab.power(name(), 'cycle');

    assert.equal(
      await on('ls /etc/marker 2>&1 || true'),
      "ls: cannot access '/etc/marker': No such file or directory",
    );
    assert.equal(await on('mount /dev/sda /mnt && cat /mnt/file'), 'kept');
    assert.notEqual(await on('cat /proc/sys/kernel/random/boot_id'), boot);
  });
});
