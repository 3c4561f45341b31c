import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Block, HostFacts } from '../../../lib/disks/facts.ts';
import { arrayMark } from '../../../lib/disks/ids.ts';
import { readLook } from '../../../lib/disks/read-look.ts';
import type { Json } from '../../../lib/model/json.ts';
import type { DiskApproval } from '../../../lib/model/records.ts';
import type { Diff } from '../../../lib/model/resource.ts';
import type { Step } from '../../../lib/model/step.ts';
import { diffRaid } from '../../../lib/resources/raid/diff.ts';
import { stepsOfRaid } from '../../../lib/resources/raid/steps.ts';
import { factsOf, recordedAnswer } from '../../disks/recorded.ts';

/** The disks R1 and R2 (sdd, sde) are /dev/md/data, of which the kernel's name is md127. */
const seen = factsOf(recordedAnswer('rebooted'));
const UUID = '0d227089:c1a6a4b3:f3f2e315:180fb522';
const fingerprint = `sha256:${'0'.repeat(64)}`;

interface Found {
  /** What becomes of the kernel's array: nothing, no name, stopped, stopped and put together of R2 alone. */
  readonly array?: 'there' | 'nameless' | 'stopped' | 'inactive';
  /** Members that have a superblock; R1 and R2 by default. */
  readonly members?: readonly string[];
  readonly uuid?: string;
  readonly ownName?: string;
  /** R2 takes no part in the array. */
  readonly idle?: true;
  /** What mdadm says of members; by default what is on them. */
  readonly examined?: false;
}

/** The recorded host, as it is while its array is taken apart. */
function factsOfHost({
  array = 'stopped',
  members = ['sdd', 'sde'],
  uuid = UUID,
  ownName = 'any:data',
  idle,
  examined,
}: Found): HostFacts {
  const read = (value: string) => ({ read: true as const, value });
  const says = read(`MD_LEVEL=raid1\nMD_NAME=${ownName}\nMD_UUID=${uuid}\nMD_EVENTS=20\n`);
  const texts = Object.fromEntries(
    Object.entries(seen.texts).filter(([key]) => !key.startsWith('examine:') && !key.startsWith('detail:')),
  );
  const running = array === 'there' || array === 'nameless';
  return {
    ...seen,
    texts: {
      ...texts,
      ...(examined === false ? {} : Object.fromEntries(members.map((name) => [`examine:${name}`, says]))),
      ...(running ? { 'detail:md127': says } : {}),
      mdstat: read(array === 'inactive' ? 'md127 : inactive sde[1](S)\n' : 'Personalities : [raid1]\n'),
    },
    links: Object.fromEntries(
      Object.entries(seen.links).filter(([, target]) => target !== 'md127' || array === 'there'),
    ),
    blocks: seen.blocks.flatMap((block): readonly Block[] => {
      if (block.kind === 'dm') return [];
      if (block.name === 'md127') return running ? [{ ...block, holders: [] }] : [];
      if (!['sdd', 'sde'].includes(block.name) || block.content === null) return [block];
      if (idle === true && block.name === 'sde') return [{ ...block, holders: [] }];
      const holders = running || (array === 'inactive' && block.name === 'sde') ? ['md127'] : [];
      if (members.includes(block.name)) return [{ ...block, holders }];
      const blkid = { read: true as const, value: { says: 'nothing' as const } };
      return [
        { ...block, holders: [], content: { ...block.content, blkid, wipefs: { read: true, value: [] } } },
      ];
    }),
  };
}

/** What a plan that wants no /dev/md/data makes of it. @param approved serial numbers of what was given up by name. */
function plan(
  found: Found,
  {
    name = '/dev/md/data',
    approved = [],
    foreseen = {},
  }: {
    name?: string;
    approved?: readonly string[];
    foreseen?: Readonly<Record<string, Json>>;
  } = {},
): { readonly diff: Diff; readonly steps: readonly Step[] } {
  const value = factsOfHost(found);
  const sizes: Readonly<Record<string, number>> = { R1: 419430400, R2: 419430400 };
  const approvals = approved.map((serial): DiskApproval => ({
    ...{ host: 'stkvm1', serial, sizeBytes: sizes[serial] ?? 418381824, fingerprint, gen: 1 },
    ...{ reason: 'moved', by: 'anna', expires: '2026-12-01T00:00:00Z' },
  }));
  const records = { environment: 'lab', host: 'stkvm1', disks: [], approvals };
  const mark = '00000000-0000-4000-8000-000000000000';
  const look = readLook({
    ...{ code: 0, stderr: '' },
    stdout: Buffer.from(`slab-look 1 ${mark}\ndisk yes\nfingerprint ${fingerprint}\nslab-end ${mark}\n`),
  });
  const declared = {
    ...{ fun: 'absent' as const, name, level: '', devices: [], spares: 0, options: [], full: false, records },
  };
  const observed = {
    facts: { read: true as const, value },
    looks: { sdd: look, sde: look, md127: look },
  };
  const diff = diffRaid(declared, observed, { predicted: (key) => foreseen[key], earlier: [] });
  const steps = (diff.problems ?? []).length > 0 ? [] : stepsOfRaid(declared, diff.changes, observed);
  return { diff, steps };
}

describe('an array that shall not be and has no name', () => {
  for (const [what, found] of [
    ['is stopped', {}],
    ['was taken apart up to its second member', { members: ['sde'] }],
    ['was put together again of that one, and is not started', { array: 'inactive', members: ['sde'] }],
    ['is told by what blkid says alone', { examined: false }],
    ['is another host’s, and is called the same', { ownName: 'other:data' }],
    ['is called otherwise, and was made by slab under this name', {
        ownName: 'any:else',
        uuid: `${arrayMark({ cluster: 'lab', host: 'stkvm1' }, '/dev/md/data')}0123456789abcdef`.replace(/(.{8})(?=.)/g, '$1:'),
      }], // prettier-ignore
  ] as const)
    it(`is not taken for gone when it ${what}: each member is given up by name`, () => {
      const { diff } = plan(found);

      assert.deepEqual(diff.changes, []);
      const last = diff.problems?.at(-1) ?? '';
      assert.match(
        last,
        /: OCCUPIED: linux_raid_member .* Nothing was written\. .*slab disk show stkvm1 R2$/,
      );
      assert.match(diff.notes?.at(-1) ?? '', /^\/dev\/md\/data: \S+ says that it is a member of it/);
      assert.deepEqual(diff.disks?.at(-1)?.serial, 'R2');
    });

  it('is gone when no disk says that it is of it', () => {
    for (const found of [
      { members: [] },
      { ownName: 'any:data2' },
      { ownName: 'data:other' },
      { ownName: '' },
    ])
      assert.deepEqual(plan(found).diff, { changes: [], predicted: {}, disks: [] });
  });

  it('is erased from all its members, when all of them were given up by name', () => {
    const half = plan({}, { approved: ['R1'] });
    const { diff, steps } = plan({}, { approved: ['R1', 'R2'] });

    assert.equal(half.diff.problems?.length, 1);
    assert.deepEqual(half.steps, []);
    assert.deepEqual(
      diff.changes.map(({ object, field, action, risk }) => [object, field, action, risk]),
      [['raid:/dev/md/data', 'members', 'remove', 'destroy']],
    );
    const [step, ...more] = steps;
    assert.equal(more.length, 0);
    assert.equal(step?.risk, 'destroy');
    const text = step.script.text;
    assert.equal(text.match(/mode=approved/g)?.length, 2);
    assert.match(text, /becomes=nothing/);
    assert.match(text, new RegExp(`agreed=${fingerprint}`));
  });

  it('is stopped before its member is erased when it waits for the other one', () => {
    const { diff, steps } = plan({ array: 'inactive', members: ['sde'] }, { approved: ['R2'] });

    assert.deepEqual(
      steps.map(({ title }) => title),
      [
        'stop md127, which is not started',
        'erase what says that /dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_R2 is of /dev/md/data',
      ],
    );
    assert.match(steps[0]?.script.text ?? '', new RegExp(`md127 ${UUID.replaceAll(':', '')}`));
    assert.equal(diff.changes[0]?.certainty, 'provisional');
  });

  it('is taken apart under the name that it runs under, when that was given up by name', () => {
    const refused = plan({ array: 'nameless' });
    const { diff, steps } = plan({ array: 'nameless' }, { approved: [`md-${UUID}`] });

    assert.match(
      refused.diff.problems?.join() ?? '',
      /\/dev\/md127: OCCUPIED: .*slab disk show stkvm1 md-0d227089/,
    );
    assert.deepEqual(refused.diff.notes, [
      '/dev/md/data: its array runs as /dev/md127 and calls itself "any:data"',
    ]);
    assert.deepEqual(diff.problems ?? [], []);
    assert.deepEqual(
      steps.map(({ title }) => title),
      ['take /dev/md127 apart'],
    );
    assert.match(steps[0]?.script.text ?? '', /becomes=gone/);
  });

  it('is one of a number, too: mdadm calls /dev/md0 by that alone', () => {
    assert.match(plan({ ownName: 'any:0' }, { name: '/dev/md0' }).diff.problems?.join() ?? '', /OCCUPIED/);
    assert.deepEqual(plan({ ownName: 'any:01' }, { name: '/dev/md0' }).diff.problems ?? [], []);
  });

  it('is refused while it cannot be read of what array a member is', () => {
    const found = factsOfHost({ examined: false });
    const blocks = found.blocks.map((block) =>
      block.name === 'sde' && block.content !== null
        ? { ...block, content: { ...block.content, blkid: { read: true as const, value: { says: 'ambivalent' as const } } } }
        : block,
    ); // prettier-ignore
    const records = { environment: 'lab', host: 'stkvm1', disks: [], approvals: [] };

    const { problems } = diffRaid(
      {
        fun: 'absent',
        name: '/dev/md/x',
        level: '',
        devices: [],
        spares: 0,
        options: [],
        full: false,
        records,
      },
      { facts: { read: true, value: { ...found, blocks } }, looks: {} },
      { predicted: () => undefined, earlier: [] },
    );

    assert.match(
      problems?.join() ?? '',
      /: what array it is a member of cannot be read, so it may be \/dev\/md\/x\./,
    );
  });

  it('is left to an earlier state that takes it away', () => {
    const { diff } = plan(
      { array: 'nameless' },
      {
        foreseen: { 'blockdev:/dev/md127': { exists: false, content: '', by: 'raid.absent /dev/md/other' } },
      },
    );

    assert.deepEqual([diff.changes, diff.problems], [[], undefined]);
  });
});

describe('an array that is taken apart', () => {
  it('takes its members along, and a disk that says it is of it and takes no part is given up by name itself', () => {
    const approved = [`md-${UUID}`];

    const whole = plan({ array: 'there' }, { approved });
    const left = plan({ array: 'there', idle: true }, { approved });
    const all = plan({ array: 'there', idle: true }, { approved: [...approved, 'R2'] });

    assert.deepEqual(
      whole.steps.map(({ title }) => title),
      ['take /dev/md/data apart'],
    );
    assert.match(left.diff.problems?.join() ?? '', /HARDDISK_R2: OCCUPIED: linux_raid_member/);
    assert.deepEqual(
      all.diff.changes.map(({ field }) => field),
      ['array', 'members'],
    );
  });
});
