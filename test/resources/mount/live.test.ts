import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Json } from '../../../lib/model/json.ts';
import type { Diff } from '../../../lib/model/resource.ts';
import type { Block, HostFacts } from '../../../lib/disks/facts.ts';
import { readMount } from '../../../lib/disks/mountinfo.ts';
import { mount } from '../../../lib/resources/mount/kind.ts';
import type { MountObserved } from '../../../lib/resources/mount/observe.ts';
import { answerOf, declareStates, grainsOf } from '../../support/observe-case.ts';

type Arguments = Readonly<Record<string, Json>>;

/** Of this recorded host /dev/loop5 (7:5) is an xfs, loop6 an ext4, loop7 a btrfs. */
const ANSWER = answerOf({ stdoutFile: 'disks/recorded/debian12.txt' });

interface Seen {
  /** Makes other facts of those recorded. */
  readonly alter?: (facts: HostFacts) => HostFacts;
  /** What a closer look answers; without one none must be taken. */
  readonly look?: string;
}

/** What a state changes where these lines of mountinfo are all that is mounted. */
function diffOf(
  fun: string,
  name: string,
  args: Arguments,
  lines: readonly string[],
  { alter = (facts) => facts, look }: Seen = {},
): Diff {
  const { declared, diagnostics } = declareStates(mount, { states: [{ function: fun, name, args }] });
  assert.deepEqual(diagnostics, []);
  const [state] = declared;
  // The kind's own observation: its type is only forgotten on the way.
  const observed = mount.observe(ANSWER, declared)[0] as unknown as MountObserved;
  assert.ok(state !== undefined && observed.facts.read);
  const mounts = ['20 1 254:0 / / rw,relatime - ext4 /dev/vda rw', ...lines].flatMap(
    (line) => readMount(line) ?? [],
  );
  const value = { ...alter(observed.facts.value), mounts: { read: true as const, value: mounts } };
  const first = [{ ...observed, facts: { read: true as const, value } }];
  const looks = mount.deepen?.(declared, first, grainsOf()) ?? [];
  assert.equal(looks.length, look === undefined ? 0 : 1);
  const results = looks.map(() => answerOf({ stdout: look ?? '' }));
  const [deeper] = results.length === 0 ? first : (mount.observeDeeper?.(results, declared, first) ?? []);
  assert.ok(deeper);
  return mount.diff(state, deeper, { predicted: () => undefined, earlier: [] });
}

describe('what is mounted', () => {
  it('is not mounted anew where it hides another mount', () => {
    const lines = ['30 20 0:50 / /srv rw - tmpfs a rw', '31 30 7:5 / /srv rw - xfs /dev/loop5 rw,noquota'];
    const words = 'at /srv /dev/loop5 is mounted over a: unmount one of them first';
    const xfs = { device: '/dev/loop5', fstype: 'xfs', opts: 'prjquota', persist: false };
    const ext4 = { device: '/dev/loop6', fstype: 'ext4', persist: false };

    assert.deepEqual(diffOf('mounted', '/srv', xfs, lines).problems, [words]);
    assert.deepEqual(diffOf('mounted', '/srv', ext4, lines).problems, [words]);
  });

  it('is unmounted without what it hides, which the plan says', () => {
    const lines = ['30 20 0:50 / /srv rw - tmpfs a rw', '31 30 7:5 / /srv rw - xfs /dev/loop5 rw,noquota'];

    const { changes, notes } = diffOf('unmounted', '/srv', {}, lines);

    assert.deepEqual(
      changes.map(({ before }) => before),
      ['/dev/loop5'],
    );
    assert.deepEqual(notes, ['/srv: /dev/loop5 hides a, which stays mounted']);
  });

  it('is not made writable again after errors: nothing is changed, and that it is read only is told', () => {
    const ext4 = { device: '/dev/loop6', fstype: 'ext4', opts: 'noatime,rw', persist: false };

    for (const shown of ['ro', 'rw,emergency_ro', 'rw,shutdown']) {
      const diff = diffOf('mounted', '/srv', ext4, [
        `30 20 7:6 / /srv rw,relatime - ext4 /dev/loop6 ${shown}`,
      ]);

      assert.deepEqual(diff.changes, [], shown);
      assert.deepEqual(diff.shortfalls, [
        '/srv is mounted read only, and that is not declared: the kernel may have found errors on it',
      ]);
    }
  });

  it('is a btrfs by any of its devices, and by the name of the mapper', () => {
    const btrfs = { device: '/dev/loop7', fstype: 'btrfs', persist: false };
    const line = (source: string): string => `30 20 0:60 / /srv rw - btrfs ${source} rw,subvolid=5,subvol=/`;
    const other = (facts: HostFacts): HostFacts => {
      const block = facts.blocks.find(({ name }) => name === 'loop7');
      assert.ok(block?.content?.blkid.read === true && block.content.blkid.value.says === 'content');
      const fields = { ...block.content.blkid.value.fields, UUID_SUB: '2' };
      const blkid = { read: true as const, value: { says: 'content' as const, fields } };
      const second: Block = {
        ...{ ...block, name: 'loop70', node: '/dev/loop70', number: '7:70' },
        content: { ...block.content, blkid },
      };
      return { ...facts, blocks: [...facts.blocks, second] };
    };
    const mapped = (facts: HostFacts): HostFacts => ({
      ...facts,
      blocks: facts.blocks.map((block) =>
        block.name === 'loop7' ? { ...block, dm: { name: 'vg0-data', uuid: 'LVM-x' } } : block,
      ),
    });

    assert.deepEqual(diffOf('mounted', '/srv', btrfs, [line('/dev/loop70')], { alter: other }).changes, []);
    assert.deepEqual(
      diffOf('mounted', '/srv', btrfs, [line('/dev/mapper/vg0-data')], { alter: mapped }).changes,
      [],
    );
  });

  it('is not the device where only a directory of it is bound there, unless the system lives there', () => {
    const xfs = { device: '/dev/loop5', fstype: 'xfs', persist: false };
    const line = (point: string): string => `30 20 7:5 /sub ${point} rw - xfs /dev/loop5 rw,noquota`;

    const { changes } = diffOf('mounted', '/srv', xfs, [line('/srv')]);

    assert.deepEqual(
      changes.map(({ before, risk }) => [before, risk]),
      [['/dev/loop5[/sub]', 'disrupt']],
    );
    assert.deepEqual(diffOf('unmounted', '/srv', { device: '/dev/loop5' }, [line('/srv')]).changes, []);
    assert.deepEqual(diffOf('mounted', '/var', xfs, [line('/var')]).changes, []);
  });

  it('is a btrfs by a subvolume of it, and not by a directory in that', () => {
    const btrfs = { device: '/dev/loop7', fstype: 'btrfs', persist: false };
    const line = (root: string): string =>
      `30 20 0:60 ${root} /srv rw - btrfs /dev/loop7 rw,subvolid=256,subvol=/@data`;

    assert.deepEqual(diffOf('mounted', '/srv', btrfs, [line('/@data')]).changes, []);
    assert.equal(diffOf('mounted', '/srv', btrfs, [line('/@data/sub')]).changes.length, 1);
  });

  it('is an image by the file of its loop device, through a symbolic link too', () => {
    const image = { fstype: 'iso9660', opts: 'loop,ro', persist: false };
    const line = '30 20 7:99 / /srv ro,relatime - iso9660 /dev/loop99 ro';
    const alter = (facts: HostFacts): HostFacts => {
      const block = facts.blocks.find(({ name }) => name === 'loop6');
      assert.ok(block);
      const backing = { file: '/var/img/a.iso', number: null, known: true };
      return {
        ...facts,
        blocks: [...facts.blocks, { ...block, name: 'loop99', node: '/dev/loop99', number: '7:99', backing }],
      };
    };
    const plan = (device: string, look?: string): Diff =>
      diffOf('mounted', '/srv', { ...image, device }, [line], {
        alter,
        ...(look === undefined ? {} : { look }),
      });

    assert.deepEqual(plan('/var/img/a.iso').changes, []);
    assert.deepEqual(plan('/img/a.iso', 'source /var/img/a.iso\nslab-end\n').changes, []);
    assert.deepEqual(
      plan('/img/b.iso', 'source /var/img/b.iso\nslab-end\n').changes.map(({ before }) => before),
      ['/dev/loop99'],
    );
  });

  it('is a bind mount by where its source leads, and left alone where that cannot be seen', () => {
    const bind = { device: '/var/run/foo', fstype: 'none', opts: 'bind', persist: false };
    const lines = [
      '30 20 0:40 / /run rw,nosuid - tmpfs tmpfs rw,mode=755',
      '31 20 0:40 /foo /srv rw,nosuid - tmpfs tmpfs rw,mode=755',
    ];

    const same = diffOf('mounted', '/srv', bind, lines, { look: 'source /run/foo\nslab-end\n' });
    const other = diffOf('mounted', '/srv', bind, lines, { look: 'source /run/bar\nslab-end\n' });
    const unseen = diffOf('mounted', '/srv', bind, lines, { look: 'cut' });

    assert.deepEqual([same.changes, same.problems], [[], undefined]);
    assert.deepEqual(
      other.changes.map(({ before }) => before),
      ['tmpfs[/foo]'],
    );
    assert.match(unseen.problems?.join() ?? '', /the place could not be looked at/);
  });

  it('is left to systemd where that mounts it as soon as it is used', () => {
    const nfs = { device: 'files:/x', fstype: 'nfs', opts: 'x-systemd.automount', persist: false };
    const lines = ['30 20 0:50 / /srv rw,relatime - autofs systemd-1 rw,fd=40,pgrp=1,timeout=0,direct'];

    const { changes, notes } = diffOf('mounted', '/srv', nfs, lines);

    assert.deepEqual(changes, []);
    assert.deepEqual(notes, ['/srv is mounted by systemd as soon as somebody uses it']);
  });

  it('is not unmounted for an option where the system lives, or where what it holds would be lost', () => {
    const efi = { device: '/dev/loop6', fstype: 'vfat', opts: 'umask=0077,nodev', persist: false };
    const tmp = { device: 'tmpfs', fstype: 'tmpfs', opts: 'mode=0700', persist: false };
    const fat = '30 20 7:6 / /boot/efi rw,relatime - vfat /dev/loop6 rw,fmask=0022,dmask=0022';

    const system = diffOf('mounted', '/boot/efi', efi, [fat]);
    const memory = diffOf('mounted', '/srv', tmp, ['30 20 0:50 / /srv rw - tmpfs tmpfs rw,mode=755']);

    assert.deepEqual(
      system.changes.map(({ after, risk }) => [after, risk]),
      [['+nodev', 'change']],
    );
    assert.deepEqual(system.notes, [
      '/boot/efi: umask=0077 only holds from the next boot on: the running system lives there',
    ]);
    assert.deepEqual(memory.changes, []);
    assert.deepEqual(memory.notes, [
      '/srv: mode=0700 only holds when it is mounted anew, and what is in it would be lost: it is left as it is',
    ]);
  });

  it('is asked for all its options where mountinfo does not tell, of an ext file system', () => {
    const ext4 = { device: '/dev/loop6', fstype: 'ext4', opts: 'errors=remount-ro', persist: false };
    const plan = (look: string): Diff =>
      diffOf('mounted', '/srv', ext4, ['30 20 7:6 / /srv rw,relatime - ext4 /dev/loop6 rw'], { look });

    assert.deepEqual(plan('ext4 rw,errors=remount-ro\nslab-end\n').changes, []);
    assert.deepEqual(
      plan('ext4 rw,errors=continue\nslab-end\n').changes.map(({ after }) => after),
      ['+errors=remount-ro'],
    );
    assert.deepEqual(plan('slab-end\n').notes, [
      'whether /srv is mounted with errors=remount-ro is not to be seen: it is left as it is',
    ]);
  });
});
