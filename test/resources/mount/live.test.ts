import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Json } from '../../../lib/model/json.ts';
import type { Diff } from '../../../lib/model/resource.ts';
import type { Block, HostFacts } from '../../../lib/disks/facts.ts';
import { readMount } from '../../../lib/disks/mountinfo.ts';
import { mount } from '../../../lib/resources/mount/kind.ts';
import type { MountObserved } from '../../../lib/resources/mount/observe.ts';
import { answerOf, declareStates } from '../../support/observe-case.ts';

type Arguments = Readonly<Record<string, Json>>;

/** Of this recorded host /dev/loop5 (7:5) is an xfs, loop6 an ext4, loop7 a btrfs. */
const ANSWER = answerOf({ stdoutFile: 'disks/recorded/debian12.txt' });

/** What a state changes where these lines of mountinfo are all that is mounted. @param alter makes other facts of those recorded. */
function diffOf(
  fun: string,
  name: string,
  args: Arguments,
  lines: readonly string[],
  alter: (facts: HostFacts) => HostFacts = (facts) => facts,
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
  const facts = { read: true as const, value };
  return mount.diff(state, { ...observed, facts }, { predicted: () => undefined, earlier: [] });
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

    assert.deepEqual(diffOf('mounted', '/srv', btrfs, [line('/dev/loop70')], other).changes, []);
    assert.deepEqual(diffOf('mounted', '/srv', btrfs, [line('/dev/mapper/vg0-data')], mapped).changes, []);
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
});
