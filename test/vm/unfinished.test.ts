import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { MIB } from '../support/storage/disk-size.ts';
import { hashOf } from '../support/storage/image-hash.ts';
import { withVm } from '../support/vm.ts';
import { linkOf, MIRROR } from '../support/vm-disks.ts';

const SIZE = 16 * MIB;

describe('an array of a virtual machine that was cut short while it was made', () => {
  const vm = withVm();
  const flat = (text: string) => text.replace(/\s+/g, ' ');
  const project = () => vm.project({ files: { 'states/site.sls': MIRROR } });
  afterEach(async () => {
    await vm.on(
      'rm -f /usr/local/sbin/mdadm /etc/modprobe.d/no-raid1.conf; umount /mnt 2>/dev/null; mdadm -S -q --scan 2>/dev/null; udevadm settle; mdadm -S -q --scan 2>/dev/null; true',
    );
    await vm.clear();
  });

  /** Two blank disks, and an mdadm that dies between the superblock of the first one and that of the second. */
  const stageCut = async (): Promise<readonly string[]> => {
    const files = [
      await vm.plug({ serial: 'A1', sizeBytes: SIZE }),
      await vm.plug({ serial: 'A2', sizeBytes: SIZE }),
    ];
    // mdadm writes all superblocks and starts the array then, which fails here; what it wrote to the second one is taken back.
    await vm.on(`mkdir -p /etc/modprobe.d && echo 'install raid1 /bin/false' >/etc/modprobe.d/no-raid1.conf
modprobe -r raid1 2>/dev/null; ! grep -q '^raid1 ' /proc/modules
cat >/usr/local/sbin/mdadm <<'END'
#!/bin/sh
[ "$1" = --create ] || exec /usr/sbin/mdadm "$@"
/usr/sbin/mdadm "$@"
dd if=/dev/zero of=${linkOf('A2')} bs=1M count=2 conv=notrunc oflag=sync status=none
kill -9 "$PPID" "$$"
END
chmod 0755 /usr/local/sbin/mdadm`);
    return files;
  };
  const cut = async () => {
    const files = await stageCut();
    const killed = await project().slab('apply', '-y');
    assert.notEqual(killed.code, 0, killed.all);
    await vm.on('rm /usr/local/sbin/mdadm /etc/modprobe.d/no-raid1.conf; udevadm settle');
    assert.match(await vm.on(`mdadm --examine --export ${linkOf('A1')}`), /MD_EVENTS=0/);
    assert.equal(await vm.on(`blkid -p $(readlink -f ${linkOf('A2')}) || echo nothing`), 'nothing\n');
    return files;
  };
  const isWhole = async () => {
    assert.match(await vm.on('mdadm --wait /dev/md/data >&2 || true; cat /proc/mdstat'), /\[2\/2\] \[UU\]/);
    const again = await project().slab('plan', '--detailed-exitcode');
    assert.equal(again.code, 0, again.all);
  };

  it('is made to its end, though udev has put it together of the one member that it has', async () => {
    await cut();
    assert.match(await vm.on('cat /proc/mdstat'), /md127 : (inactive|active \(auto-read-only\) raid1) sd/);

    const { all, code } = await project().slab('apply', '-y');

    assert.equal(code, 0, all);
    assert.match(flat(all), /slab began to make its array and was cut short; it was never started/);
    await isWhole();
  });

  it('is made only while nothing was ever written to its member, which the plan proves when nobody holds that', async () => {
    const [first = ''] = await cut();
    const stop = 'mdadm -S -q --scan 2>/dev/null; udevadm settle; mdadm -S -q --scan 2>/dev/null; true';
    const write = (from: string) =>
      vm.on(`dd ${from} of=${linkOf('A1')} bs=1M count=1 seek=9 conv=notrunc,fsync status=none; ${stop}`);

    await vm.on(stop);
    const free = await project().slab('plan');
    await write('if=/etc/passwd');
    const before = hashOf({ file: first });
    const holds = await project().slab('apply', '-y');
    const after = hashOf({ file: first });
    await write('if=/dev/zero');
    await vm.on(
      `mdadm -A -q --run /dev/md/data ${linkOf('A1')}; echo active >/sys/block/$(basename $(readlink -f /dev/md/data))/md/array_state; ${stop}`,
    );
    const started = await project().slab('apply', '-y');

    assert.match(flat(free.all), /all that would be data is zero/);
    assert.equal(holds.code, 5, holds.all);
    assert.match(flat(holds.all), /A1: OCCUPIED: .*something lies where its data would be/);
    assert.equal(after, before);
    assert.equal(started.code, 5, started.all);
    assert.match(flat(started.all), /A2: no member of the array.*mdadm --assemble --run \/dev\/md\/data/);
  });

  it('is not taken for one of slab when somebody else began it, and the way on that is named is one', async () => {
    const [first = ''] = await stageCut();
    await vm.on(
      `sh -c 'mdadm --create /dev/md/data -q --run --level=1 --raid-devices=2 ${linkOf('A1')} ${linkOf('A2')}; true'; true
rm /usr/local/sbin/mdadm /etc/modprobe.d/no-raid1.conf; udevadm settle; mdadm -S -q --scan 2>/dev/null; true`,
    );
    const before = hashOf({ file: first });

    const refused = await project().slab('apply', '-y');
    const after = hashOf({ file: first });
    await vm.on(
      `mdadm --assemble --run -q /dev/md/data ${linkOf('A1')}; mdadm --manage -q /dev/md/data --add ${linkOf('A2')}; udevadm settle`,
    );

    assert.equal(refused.code, 5, refused.all);
    assert.match(flat(refused.all), /A2: no member of the array .* Nothing was written/);
    assert.equal(after, before);
    await isWhole();
  });
});
