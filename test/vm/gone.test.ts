import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { MIB } from '../support/storage/disk-size.ts';
import { hashOf } from '../support/storage/image-hash.ts';
import { withVm } from '../support/vm.ts';
import { approveDisk, linkOf } from '../support/vm-disks.ts';

const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe('a volume of a virtual machine that others hang on', () => {
  const vm = withVm();
  const disk = linkOf('G1');
  const absent = (...names: readonly string[]): string =>
    names.map((name) => `${name}:\n  lvm.lv_absent:\n    - vgname: vg0\n`).join('');
  const read = (name: string): Promise<string> =>
    vm.on(`mount -o ro,noload /dev/vg0/${name} /mnt && cat /mnt/file; umount /mnt`);
  const approve = async (project: ReturnType<typeof vm.project>, name: string): Promise<void> => {
    const serial = await vm.on(`cat /sys/class/block/$(basename $(readlink -f /dev/vg0/${name}))/dm/uuid`);
    await approveDisk(project, vm.name(), serial.trim());
  };
  const makeData = (make: string): Promise<string> =>
    vm.on(`pvcreate -q ${disk} && vgcreate -q vg0 ${disk} && ${make}
mkfs.ext4 -q /dev/vg0/data && mount /dev/vg0/data /mnt && echo precious >/mnt/file && umount /mnt; udevadm settle`);
  afterEach(async () => {
    await vm.on('umount /mnt 2>/dev/null; vgchange -q -an 2>/dev/null; true');
    await vm.clear();
  });

  it('does not take its snapshots along, those neither that are taken while it goes, and goes after them', async () => {
    await vm.plug({ serial: 'G1', sizeBytes: 64 * MIB });
    await makeData('lvcreate -q -y -n data -L 16M vg0');
    await vm.on('lvcreate -q -y -s -n snap -L 8M vg0/data');
    const project = vm.project({ files: { 'states/site.sls': absent('data') } });
    await approve(project, 'data');

    const refused = await project.slab('apply', '-y');
    const kept = await read('snap');
    await vm.on('lvremove -q -y vg0/snap');
    project.write({
      'states/site.sls': `a snapshot:
  cmd.run:
    - name: lvcreate -q -y -s -n late -L 8M vg0/data
${absent('data')}    - require: [{ cmd: a snapshot }]
`,
    });
    const late = await project.slab('apply', '-y');
    const after = [await read('late'), await read('data')];
    project.write({ 'states/site.sls': absent('late', 'data') });
    await approve(project, 'late');
    const applied = await project.slab('apply', '-y');

    assert.equal(refused.code, 5, refused.all);
    assert.match(flat(refused.all), /data is the origin or pool of volumes that would go with it \(snap\)/);
    assert.equal(kept, 'precious\n');
    assert.equal(late.code, 5, late.all);
    assert.match(
      flat(late.all),
      /it is the origin or pool of volumes that would go with it: late .*Nothing was written/,
    );
    assert.deepEqual(after, ['precious\n', 'precious\n']);
    assert.equal(applied.code, 0, applied.all);
    assert.equal(await vm.on('lvs --noheadings vg0'), '');
  });

  it('takes no thin snapshots along that need it no more, and is no pool that does', async () => {
    await vm.plug({ serial: 'G1', sizeBytes: 64 * MIB });
    await makeData('lvcreate -q -y -T -n pool -L 32M vg0 && lvcreate -q -y -T -n data -V 64M vg0/pool');
    await vm.on('lvcreate -q -y -s -n snap vg0/data && lvchange -q -ay -K vg0/snap');
    const project = vm.project({ files: { 'states/site.sls': absent('data') } });
    await approve(project, 'data');

    const applied = await project.slab('apply', '-y');
    const kept = await read('snap');
    project.write({ 'states/site.sls': absent('pool') });
    const pool = await project.slab('apply', '-y');

    assert.equal(applied.code, 0, applied.all);
    assert.equal(kept, 'precious\n');
    assert.equal(pool.code, 5, pool.all);
    assert.match(flat(pool.all), /pool is the origin or pool of volumes that would go with it \(snap\)/);
    assert.equal(await read('snap'), 'precious\n');
  });
});

describe('an array of a virtual machine that was not taken apart to its end', () => {
  const vm = withVm();
  const STOP = 'mdadm -S -q --scan 2>/dev/null; udevadm settle; mdadm -S -q --scan 2>/dev/null; true';
  const project = () => vm.project({ files: { 'states/site.sls': '/dev/md/data:\n  raid.absent: []\n' } });
  afterEach(async () => {
    await vm.on(`rm -f /usr/local/sbin/mdadm; umount /mnt 2>/dev/null; ${STOP}`);
    await vm.clear();
  });
  /** An array that holds a file. */
  const makeArray = async (name = 'data'): Promise<readonly string[]> => {
    const files = [
      await vm.plug({ serial: 'A1', sizeBytes: 32 * MIB }),
      await vm.plug({ serial: 'A2', sizeBytes: 32 * MIB }),
    ];
    await vm.on(`mdadm --create /dev/md/data --name=${name} -l1 -n2 -R -q --assume-clean ${linkOf('A1')} ${linkOf('A2')} 2>/dev/null
mkfs.ext4 -q /dev/md/data && mount /dev/md/data /mnt && echo precious >/mnt/file && umount /mnt; sync; udevadm settle`);
    return files;
  };
  /** Nothing says any more that it is of an array, and no boot finds one. */
  const isGone = async (of: ReturnType<typeof project>): Promise<void> => {
    const again = await of.slab('plan', '--detailed-exitcode');
    assert.equal(again.code, 0, again.all);
    await vm.cutPower();
    assert.doesNotMatch(await vm.on('ls /sys/block'), /^md/m);
    assert.equal(await vm.on(`for disk in ${linkOf('A1')} ${linkOf('A2')}; do wipefs -n $disk; done`), '');
  };

  it('says nothing any more and comes back in no boot when it was', async () => {
    await makeArray();
    const states = project();
    const id = await vm.on('mdadm --detail --export /dev/md/data | sed -n s/^MD_UUID=//p');

    const refused = await states.slab('apply', '-y');
    await approveDisk(states, vm.name(), `md-${id.trim()}`);
    const applied = await states.slab('apply', '-y');

    assert.equal(refused.code, 5, refused.all);
    assert.equal(applied.code, 0, applied.all);
    await isGone(states);
  });

  it('is taken apart by the next runs, when it was killed between the superblocks of its members', async () => {
    await makeArray();
    const states = project();
    const id = await vm.on('mdadm --detail --export /dev/md/data | sed -n s/^MD_UUID=//p');
    await approveDisk(states, vm.name(), `md-${id.trim()}`);
    await vm.on(`cat >/usr/local/sbin/mdadm <<'END'
#!/bin/sh
[ "$1" = --zero-superblock ] || exec /usr/sbin/mdadm "$@"
/usr/sbin/mdadm "$@"
kill -9 "$PPID" "$$"
END
chmod 0755 /usr/local/sbin/mdadm`);
    const killed = await states.slab('apply', '-y');
    await vm.on(`rm /usr/local/sbin/mdadm; udevadm settle; ${STOP}`);
    const left = await vm.on(
      `for n in 1 2; do mdadm --examine ${linkOf('A$n')} >/dev/null 2>&1 && echo A$n; done; true`,
    );

    const refused = await states.slab('apply', '-y');
    await approveDisk(states, vm.name(), left.trim());
    const applied = await states.slab('apply', '-y');

    assert.notEqual(killed.code, 0, killed.all);
    assert.match(left, /^A[12]\n$/);
    assert.equal(refused.code, 5, refused.all);
    assert.match(flat(refused.all), /says that it is a member of it .*: OCCUPIED: linux_raid_member/);
    assert.equal(applied.code, 0, applied.all);
    await isGone(states);
  });

  it('is not gone because it was stopped, not even with the name of another host, and no disk is written to unasked', async () => {
    const files = await makeArray('other:data');
    await vm.on(STOP);
    const before = files.map((file) => hashOf({ file }));
    const states = project();

    const refused = await states.slab('apply', '-y');
    const after = files.map((file) => hashOf({ file }));
    await approveDisk(states, vm.name(), 'A1');
    const half = await states.slab('apply', '-y');
    await approveDisk(states, vm.name(), 'A2');
    const applied = await states.slab('apply', '-y');

    assert.equal(refused.code, 5, refused.all);
    assert.deepEqual(after, before);
    assert.equal(half.code, 5, half.all);
    assert.equal(applied.code, 0, applied.all);
    await isGone(states);
  });

  it('is stopped before it goes, where udev has put it together of one member and it is not started', async () => {
    await makeArray();
    await vm.on(`${STOP}; mdadm --zero-superblock ${linkOf('A1')}; udevadm settle; ${STOP}
systemctl mask --now --runtime mdadm-last-resort@md127.timer >/dev/null 2>&1; mdadm -I -q $(readlink -f ${linkOf('A2')}) || true; udevadm settle`);
    const state = await vm.on('cat /proc/mdstat');
    const states = project();

    const refused = await states.slab('apply', '-y');
    await approveDisk(states, vm.name(), 'A2');
    const applied = await states.slab('apply', '-y');

    assert.match(state, /md127 : inactive/);
    assert.equal(refused.code, 5, refused.all);
    assert.match(flat(refused.all), /md127 holds it and is not started, so that is stopped first/);
    assert.equal(applied.code, 0, applied.all);
    await isGone(states);
  });
});
