import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { MIB } from '../support/storage/disk-size.ts';
import type { Project } from '../support/slab.ts';
import { withVm } from '../support/vm.ts';
import { approveDisk, linkOf } from '../support/vm-disks.ts';

const KEY = 'correct horse battery staple';

describe('arrays, volumes, containers and partitions of a virtual machine', () => {
  const vm = withVm();
  let project: Project;
  const states = `
/dev/md/data:
  raid.present:
    - level: 1
    - devices: ['${linkOf('R1')}', '${linkOf('R2')}']
vg0:
  lvm.vg_present:
    - devices: [/dev/md/data]
data:
  lvm.lv_present:
    - vgname: vg0
    - extents: 100%FREE
/dev/vg0/data:
  blockdev.formatted:
    - fs_type: xfs
secret:
  luks.present:
    - device: ${linkOf('L1')}
    - key: ${KEY}
    - pbkdf: pbkdf2
    - pbkdf_iterations: 1000
/dev/mapper/secret:
  blockdev.formatted:
    - fs_type: ext4
${linkOf('P1')}:
  partition.present:
    - partitions:
      - { name: journal, size: 32M }
      - { name: left }
/dev/disk/by-partlabel/journal:
  blockdev.formatted:
    - fs_type: ext4
`;
  const declare = (text: string): void => project.write({ 'states/site.sls': text });

  before(async () => {
    await vm.plug({ serial: 'R1', sizeBytes: 320 * MIB });
    await vm.plug({ serial: 'R2', sizeBytes: 320 * MIB });
    await vm.plug({ serial: 'L1', sizeBytes: 64 * MIB });
    await vm.plug({ serial: 'P1', sizeBytes: 64 * MIB });
    project = vm.project({ files: { 'states/site.sls': states } });
  });
  after(async () => {
    await vm.on(
      'cd /; umount /srv/data /mnt 2>/dev/null; cryptsetup close secret 2>/dev/null; vgchange -q -an 2>/dev/null; mdadm -S -q /dev/md/data 2>/dev/null; true',
    );
    await vm.clear();
  });

  it('are made in one go, each proved by the host when its turn comes, and are then as declared', async () => {
    const { all, code } = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.equal(code, 0, all);
    assert.match(all, /raid \/dev\/md\/data/);
    assert.match(all, /\? +lv vg0\/data +size 100%FREE/, 'provisional');
    assert.doesNotMatch(all, new RegExp(KEY));
    assert.equal(again.code, 0, again.all);
    assert.equal((await vm.on('lvs --noheadings -o lv_tags vg0/data')).trim(), '', 'no mark is left');
    assert.equal(
      (await vm.on(`blkid -p -o value -s SUBSYSTEM $(readlink -f ${linkOf('L1')})`)).trim(),
      'slab',
    );
  });

  it('come back after the power is cut with what they held; only what needs a key is opened again', async () => {
    await vm.on(
      'mkdir -p /srv/data && mount /dev/vg0/data /srv/data && echo kept >/srv/data/file && umount /srv/data; mount /dev/mapper/secret /mnt && echo hidden >/mnt/file && umount /mnt; sync',
    );
    await vm.cutPower();

    const { all, code } = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.equal(code, 0, all);
    assert.match(all, /luks secret +open false → true/);
    assert.doesNotMatch(all, /raid \/dev\/md\/data|vg vg0|lv vg0/);
    assert.equal(again.code, 0, again.all);
    assert.equal(
      (
        await vm.on(
          'mkdir -p /srv/data; mount /dev/vg0/data /srv/data; mount /dev/mapper/secret /mnt; cat /srv/data/file /mnt/file',
        )
      ).trim(),
      'kept\nhidden',
    );
  });

  it('are not taken away while somebody uses them, nor without an approval, and not made over', async () => {
    declare(`
data:
  lvm.lv_absent:
    - vgname: vg0
vg0:
  lvm.vg_absent: []
secret:
  luks.closed: []
/dev/md/data:
  raid.absent: []
${linkOf('P1')}:
  partition.absent: []
/dev/md/other:
  raid.present:
    - level: 1
    - devices: ['${linkOf('R1')}', '${linkOf('L1')}']
`);

    const { all, code } = await project.slab('apply', '-y');

    assert.equal(code, 5, all);
    assert.match(all, /\/dev\/vg0\/data: BUSY: in use: mounted on \/srv\/data/);
    assert.match(all, /the volume group vg0 holds volumes \(data\)/);
    assert.match(all, /\/dev\/mapper\/secret is in use: mounted on \/mnt/);
    assert.match(all, /\/dev\/md\/data: BUSY: in use: held by dm-/);
    assert.match(all, /P1: (OCCUPIED|BUSY): /);
    assert.match(all, /no member of the array/);
    assert.equal((await vm.on('cat /srv/data/file /mnt/file')).trim(), 'kept\nhidden');
  });

  it('go one after the other, each with an approval for what is on it', async () => {
    await vm.on('umount /srv/data /mnt');
    const remove = async (text: string, serial: string): Promise<string> => {
      declare(text);
      const refused = await project.slab('plan');
      assert.match(refused.all, /OCCUPIED/, refused.all);
      await approveDisk(project, vm.name(), serial);
      const applied = await project.slab('apply', '-y');
      assert.equal(applied.code, 0, applied.all);
      return applied.all;
    };
    const id = (node: string) => vm.on(`cat /sys/class/block/$(basename $(readlink -f ${node}))/dm/uuid`);

    await remove('data:\n  lvm.lv_absent:\n    - vgname: vg0\n', (await id('/dev/vg0/data')).trim());
    await vm.on(
      'lvcreate -q -y -n raw -l 8 --addtag slab.pending vg0 >/dev/null && echo raw | dd of=/dev/vg0/raw conv=notrunc oflag=sync status=none',
    );
    declare('/dev/vg0/raw:\n  blockdev.formatted: []\n');
    const used = await project.slab('apply', '-y');
    const raw = await vm.on('head -c 3 /dev/vg0/raw; lvremove -q -y vg0/raw >/dev/null');
    declare('vg0:\n  lvm.vg_absent: []\nsecret:\n  luks.closed: []\n');
    const closed = await project.slab('apply', '-y');
    await remove(`${linkOf('L1')}:\n  luks.absent: []\n`, 'L1');
    const left = await vm.on(
      `ls /dev/mapper; vgs --noheadings; blkid -p -o value -s TYPE $(readlink -f ${linkOf('L1')}) || true`,
    );
    // What wipefs took of both copies of the header: with it cryptsetup knows a container again.
    const opened = await vm.on(`disk=$(readlink -f ${linkOf('L1')})
printf 'LUKS\\272\\276' | dd of=$disk conv=notrunc,fsync status=none
printf 'SKUL\\272\\276' | dd of=$disk conv=notrunc,fsync oflag=seek_bytes seek=16384 status=none
cryptsetup isLuks $disk && printf '%s' '${KEY}' | cryptsetup open --test-passphrase --key-file - $disk 2>&1 || true`);

    assert.equal(used.code, 5, used.all);
    assert.match(
      used.all.replace(/\s+/g, ' '),
      /its first bytes are not those of a new volume: somebody has used it/,
    );
    assert.equal(raw, 'raw');
    assert.equal(closed.code, 0, closed.all);
    assert.equal(left.trim(), 'control');
    assert.match(opened, /^No usable keyslot is available/);
  });
});
