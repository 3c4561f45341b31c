import { idleHolder } from '../../disks/decide-member.ts';
import type { DeviceWish, StorageObserved } from '../../disks/device-looks.ts';
import {
  judgeDevices,
  makingChange,
  refusalsOf,
  standingOn,
  type JudgedDevice,
} from '../../disks/device-orders.ts';
import { deviceView } from '../../disks/device-words.ts';
import type { HostFacts } from '../../disks/facts.ts';
import { nameDevice } from '../../disks/named.ts';
import { allNames, promiseDevice, promisedDevice, type Promised } from '../../disks/prospects.ts';
import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { RaidDeclared } from './parse.ts';
import { findRemains, type Remains } from './remains.ts';

/** The fields of what takes an array apart: one that runs, and what says it is a member of one that does not. */
export const GONE = { array: 'array', members: 'members' } as const;

/** What is looked at of an array that shall not be: nothing may be left on any of these. */
export function wishesOfGone(
  declared: RaidDeclared,
  facts: HostFacts,
): { readonly arrays: readonly DeviceWish[]; readonly members: readonly DeviceWish[] } {
  const { arrays, members } = findRemains(declared, facts);
  const base = { wanted: '', least: 0, records: declared.records };
  return {
    arrays: arrays.map(({ name }) => ({ ...base, name })),
    members: members.map(({ name, block }) => {
      const idle = idleHolder(block, facts);
      return { ...base, name, ...(idle === undefined ? {} : { idle }) };
    }),
  };
}

interface Seen {
  readonly observed: StorageObserved;
  readonly facts: HostFacts;
  readonly prospect: Prospect;
}

/**
 * An array is not there when nothing says any more that it is: neither its name, nor one that runs under another name, nor a
 * disk of which udev would put it together again.
 */
export function diffAbsent(declared: RaidDeclared, seen: Seen): Diff {
  const { observed, facts, prospect } = seen;
  const { name } = declared;
  const remains = findRemains(declared, facts);
  if (remains.unread.length > 0)
    return {
      ...{ changes: [], predicted: {} },
      problems: remains.unread.map(
        (each) =>
          `${each}: what array it is a member of cannot be read, so it may be ${name}. Nothing was written.`,
      ),
    };
  const wishes = wishesOfGone(declared, facts);
  const promisedOf = ({ name: found }: DeviceWish): Promised | undefined => {
    const named = nameDevice(facts, found);
    const block = named.is === 'device' ? named.device.block : undefined;
    return promisedDevice(prospect, found, block === undefined ? undefined : { facts, block });
  };
  // What an earlier state takes away, or makes of a member, counts, and not what is there now.
  const judge = (all: readonly DeviceWish[]): readonly JudgedDevice[] =>
    judgeDevices(all, observed, prospect);
  const arrays = judge(wishes.arrays.filter((wish) => promisedOf(wish)?.exists !== false));
  const members = judge(wishes.members.filter((wish) => promisedOf(wish) === undefined));
  const notes = notesOf(name, remains, wishes.members);
  const base = {
    ...(notes.length === 0 ? {} : { notes }),
    disks: [
      ...viewsOf(arrays, 'will be TAKEN APART'),
      ...viewsOf(members, `will be ERASED as a member of ${name}`),
    ],
  };
  const refusals = refusalsOf([...arrays, ...members]);
  if (refusals.length > 0) return { ...base, changes: [], predicted: {}, problems: refusals };
  const by = `raid.absent ${name}`;
  const nodes = members.flatMap(({ wish }) => allNames(facts, wish.name));
  return {
    ...base,
    ...standingOn([...arrays, ...members]),
    changes: [
      ...goneChange(arrays, { declared, field: GONE.array, all: wishes.arrays }),
      ...goneChange(members, { declared, field: GONE.members, all: wishes.members }),
    ],
    predicted: {
      ...promiseDevice(
        arrays.flatMap(({ wish }) => allNames(facts, wish.name)),
        { exists: false, content: '', by },
      ),
      ...promiseDevice(nodes, { exists: true, content: 'unknown', by }),
    },
  };
}

function viewsOf(judged: readonly JudgedDevice[], words: string) {
  return judged.flatMap(({ wish, verdict }) => deviceView(wish.name, verdict, words) ?? []);
}

/** What is found under another name than the declared one says why it is meant. */
function notesOf(
  name: string,
  { arrays, members }: Remains,
  wishes: readonly DeviceWish[],
): readonly string[] {
  const idle = new Map(wishes.map((wish) => [wish.name, wish.idle]));
  return [
    ...arrays.flatMap(({ name: found, ownName }) =>
      found === name ? [] : [`${name}: its array runs as ${found} and calls itself "${ownName}"`],
    ),
    ...members.map((each) => {
      const holder = idle.get(each.name);
      return `${name}: ${each.name} says that it is a member of it ("${each.ownName}", ${each.uuid}), and would be put together again${
        holder === undefined ? '' : `; ${holder} holds it and is not started, so that is stopped first`
      }`;
    }),
  ];
}

function goneChange(
  judged: readonly JudgedDevice[],
  {
    declared: { name },
    field,
    all,
  }: { readonly declared: RaidDeclared; readonly field: string; readonly all: readonly DeviceWish[] },
): readonly Change[] {
  if (judged.length === 0) return [];
  const change = makingChange(judged, { object: `raid:${name}`, field, after: null });
  const before = Object.fromEntries(judged.map(({ wish, verdict }) => [wish.name, verdict.state]));
  const idle = judged.some(({ wish }) => wish.idle !== undefined);
  return [
    {
      ...{ ...change, action: 'remove', risk: 'destroy' },
      // By name where only some of them are meant: the step is built from that.
      ...(all.length > 1 ? { before } : {}),
      ...(idle ? { certainty: 'provisional' } : {}),
    },
  ];
}
