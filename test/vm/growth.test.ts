import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import { MIB } from '../support/storage/disk-size.ts';
import type { Project } from '../support/slab.ts';
import { withVm } from '../support/vm.ts';
import { linkOf } from '../support/vm-disks.ts';

describe('a logical volume of a virtual machine that grows with its file system', () => {
  const vm = withVm();
  const disk = linkOf('G1');
  const states = (size: string) => `
${disk}:
  lvm.pv_present: []
vg1:
  lvm.vg_present:
    - devices: [${disk}]
data:
  lvm.lv_present:
    - vgname: vg1
    - size: ${size}
    - resizefs: true
/dev/vg1/data:
  blockdev.formatted:
    - fs_type: ext4
`;
  const bytes = async (): Promise<number> =>
    Number(
      await vm.on(
        "dumpe2fs -h /dev/vg1/data 2>/dev/null | awk -F: '/^Block count/{n=$2} /^Block size/{s=$2} END{print n*s}'",
      ),
    );
  const tags = async (): Promise<string> => (await vm.on('lvs --noheadings -o lv_tags vg1/data')).trim();
  let project: Project;
  after(async () => {
    await vm.on('cd /; umount /mnt 2>/dev/null; vgchange -q -an 2>/dev/null; true');
    await vm.clear();
  });

  it('has a file system of its new size, what was on it, and no mark left', async () => {
    await vm.plug({ serial: 'G1', sizeBytes: 320 * MIB });
    project = vm.project({ files: { 'states/site.sls': states('64M') } });
    const made = await project.slab('apply', '-y');
    await vm.on('mount /dev/vg1/data /mnt && echo precious >/mnt/file && umount /mnt');
    const small = await bytes();
    project.write({ 'states/site.sls': states('128M') });

    const grown = await project.slab('apply', '-y');

    assert.equal(made.code, 0, made.all);
    assert.equal(grown.code, 0, grown.all);
    assert.deepEqual([small, await bytes()], [64 * MIB, 128 * MIB]);
    assert.equal(await tags(), '');
    assert.equal(await vm.on('mount /dev/vg1/data /mnt && cat /mnt/file && umount /mnt'), 'precious\n');
  });

  for (const [how, mount, unmount, size] of [
    ['not mounted', 'true', 'true', 192],
    ['mounted', 'mount /dev/vg1/data /mnt', 'umount /mnt', 256],
  ] as const)
    it(`is filled by its file system in the next run when the power was cut between the two: ${how}`, async () => {
      await vm.on(
        `lvchange -q --addtag slab.growing vg1/data && lvextend -q -L ${size}M vg1/data && ${mount} && sync && udevadm settle`,
      );
      const cut = await bytes();
      project.write({ 'states/site.sls': states(`${size}M`) });

      const filled = await project.slab('apply', '-y');
      const again = await project.slab('plan', '--detailed-exitcode');

      await vm.on(unmount);
      assert.equal(filled.code, 0, filled.all);
      assert.match(filled.all, /its growth was cut short/);
      assert.deepEqual([cut, await bytes()], [(size - 64) * MIB, size * MIB]);
      assert.equal(await tags(), '');
      assert.equal(again.code, 0, again.all);
    });
});
