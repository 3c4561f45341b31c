import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { decideDevice } from '../../lib/disks/decide-device.ts';
import type { DeviceVerdict } from '../../lib/disks/device-verdict.ts';
import type { HostFacts } from '../../lib/disks/facts.ts';
import { arrayMark } from '../../lib/disks/ids.ts';
import { nameDevice } from '../../lib/disks/named.ts';
import { readLook } from '../../lib/disks/read-look.ts';
import { factsOf, recordedAnswer } from './recorded.ts';

const records = { environment: 'prod', host: 'storage-07', disks: [], approvals: [] };
const MARK = arrayMark({ cluster: 'prod', host: 'storage-07' }, '/dev/md/data');
const seen = factsOf(recordedAnswer('rebooted'));

interface Member {
  readonly id?: string;
  readonly events?: number;
  /** What holds it; by default nothing does. */
  readonly holder?: string;
  /** How the kernel calls the state of md127; without one it is no device: it has no size. */
  readonly state?: string;
  readonly mdstat?: string;
}

/** The recorded host, of whose disk sdd the superblock says this. */
function factsWith({ id = MARK, events = 0, holder, state, mdstat = '' }: Member): HostFacts {
  const uuid = `${id}0123456789abcdef`.slice(0, 32).replace(/(.{8})(?=.)/g, '$1:');
  const read = (value: string) => ({ read: true as const, value });
  return {
    ...seen,
    texts: {
      ...seen.texts,
      'examine:sdd': read(`MD_LEVEL=raid1\nMD_UUID=${uuid}\nMD_EVENTS=${events}\n`),
      mdstat: read(mdstat),
    },
    blocks: seen.blocks.flatMap((block) => {
      if (block.name === 'sdd') return [{ ...block, holders: holder === undefined ? [] : [holder] }];
      if (block.name !== 'md127' || block.md === null) return [block];
      return state === undefined ? [] : [{ ...block, holders: [], md: { ...block.md, state } }];
    }),
  };
}

function decide(member: Member, lines?: readonly string[]): DeviceVerdict {
  const facts = factsWith(member);
  const mark = '00000000-0000-4000-8000-000000000000';
  const text = [`slab-look 1 ${mark}`, ...(lines ?? []), `slab-end ${mark}`, ''].join('\n');
  return decideDevice({
    ...{ facts, named: nameDevice(facts, '/dev/sdd'), wanted: 'linux_raid_member', least: 1, records },
    array: MARK,
    ...(lines === undefined ? {} : { look: readLook({ code: 0, stdout: Buffer.from(text), stderr: '' }) }),
  });
}

const ZERO = ['disk yes', 'exclusive yes', 'free yes', 'finished yes', 'reads 3 1 full', 'zero'];

describe('a member of an array that slab began to make', () => {
  it('is UNFINISHED when nobody ever started its array, and all that would be data is zero', () => {
    const { state, action } = decide({}, ZERO);

    assert.equal(decide({}).action.do, 'look');
    assert.equal(state, 'UNFINISHED');
    assert.deepEqual(action, { do: 'make', mode: 'begun', array: MARK });
  });

  for (const [what, member] of [
    ['was started', { events: 1 }],
    ['has an id that slab gives to no array of this name', { id: 'f'.repeat(32) }],
  ] as const)
    it(`is a member as any other, and is not looked at, when its array ${what}`, () => {
      assert.deepEqual(decide(member).action, { do: 'nothing' });
      assert.deepEqual(decide(member, ZERO).action, { do: 'nothing' });
    });

  it('is OCCUPIED when something lies where its data would be', () => {
    const { state, action } = decide({}, [...ZERO.slice(0, 4), 'reads 3 1 partly', 'nonzero 4194304 65536']);

    assert.deepEqual([state, action.do], ['OCCUPIED', 'refuse']);
  });

  for (const member of [
    { holder: 'md127', mdstat: 'md127 : inactive sdd[0](S)' },
    { holder: 'md127', state: 'read-auto' },
  ])
    it(`is UNFINISHED when an array was put together of it that nothing was written to (${member.state ?? 'inactive'})`, () => {
      const { state, action } = decide(member);

      assert.equal(state, 'UNFINISHED');
      assert.deepEqual(action, { do: 'make', mode: 'begun', array: MARK, held: 'md127' });
    });

  for (const member of [
    { holder: 'md127', state: 'clean' },
    { holder: 'md127', state: 'active' },
    { holder: 'md127' },
    { holder: 'dm-7', mdstat: 'md127 : inactive sdd[0](S)' },
    { holder: 'md127', mdstat: 'md1270 : inactive sdd[0](S)' },
  ])
    it(`is left alone when what holds it may be in use: ${JSON.stringify(member)}`, () => {
      assert.notEqual(decide(member).action.do, 'make');
    });

  it('I11: is not seen in an answer of which anything is missing, cut or not said', () => {
    fc.assert(
      fc.property(fc.subarray([...ZERO]), fc.nat(6), fc.nat(16), (kept, at, length) => {
        const cut = kept.map((line, i) => (i === at ? line.slice(0, length) : line));

        if (decide({}, cut).action.do === 'make') assert.deepEqual(cut, ZERO);
      }),
      { numRuns: 200 },
    );
  });
});
