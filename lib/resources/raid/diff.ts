import { isBegun } from '../../disks/decide-member.ts';
import type { DeviceWish, StorageObserved } from '../../disks/device-looks.ts';
import {
  heldOf,
  judgeDevices,
  lacksTool,
  makingChange,
  notesOf,
  refusalsOf,
  standingOn,
} from '../../disks/device-orders.ts';
import { deviceView } from '../../disks/device-words.ts';
import type { HostFacts } from '../../disks/facts.ts';
import { nameDevice } from '../../disks/named.ts';
import { promiseDevice, promisedDevice } from '../../disks/prospects.ts';
import { findUsers } from '../../disks/users.ts';
import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import { diffAbsent, wishesOfGone } from './absent.ts';
import { MEMBER, readMembers, runningArrays, type Member, type RunningArray } from './arrays.ts';
import type { RaidDeclared } from './parse.ts';
import { markOf } from './remains.ts';

/** The object that an array is. */
export function raidKey(name: string): string {
  return `raid:${name}`;
}

/** The smallest device that becomes a member. */
const LEAST = 2 << 20;

/** What is wanted of each device: to be a member, or of what is left of an array that shall go: nothing on it. */
export function wishesOf(declared: RaidDeclared, facts: HostFacts): readonly DeviceWish[] {
  if (declared.fun === 'present') return wishesOfMembers(declared);
  if (declared.fun === 'assembled') return [];
  const { arrays, members } = wishesOfGone(declared, facts);
  return [...arrays, ...members];
}

/** What is wanted of each device of an array: to be a member. */
export function wishesOfMembers(declared: RaidDeclared): readonly DeviceWish[] {
  const { devices, records } = declared;
  const array = markOf(declared);
  return devices.map((each) => ({ name: each, wanted: MEMBER, least: LEAST, records, array }));
}

/** What differs between a declared array and what is there. */
export function diffRaid(declared: RaidDeclared, observed: StorageObserved, prospect: Prospect): Diff {
  if (!observed.facts.read) return problem(observed.facts.why);
  const facts = observed.facts.value;
  if (declared.fun === 'absent') return diffAbsent(declared, { observed, facts, prospect });
  const missing = lacksTool(facts, { tool: 'mdadm', pkg: 'mdadm' }, prospect);
  if (missing !== undefined) return problem(missing);
  const members = readMembers(facts, declared.devices);
  const unread = members.filter(({ block, array }) => block !== undefined && array === undefined);
  if (unread.length > 0)
    return problem(
      ...unread.map(
        ({ name }) => `${name}: what array it is a member of cannot be read. Nothing was written.`,
      ),
    );
  // What an earlier state makes of a device counts, not what is on it now.
  const own = members.filter(
    ({ name, block, array }) =>
      typeof array === 'string' &&
      promisedDevice(prospect, name, block === undefined ? undefined : { facts, block }) === undefined,
  );
  const [first] = own;
  return first === undefined
    ? diffNew(declared, { observed, facts, prospect })
    : diffKnown(declared, { observed, facts, prospect, members, own, uuid: first.array ?? '' });
}

function problem(...problems: readonly string[]): Diff {
  return { changes: [], predicted: {}, problems };
}

interface New {
  readonly observed: StorageObserved;
  readonly facts: HostFacts;
  readonly prospect: Prospect;
}

/** No member of any array that was ever started is among the devices: all have to be proved to be blank, or begun by us. */
function diffNew(declared: RaidDeclared, { observed, facts, prospect }: New): Diff {
  const { name, level } = declared;
  if (declared.fun === 'assembled')
    return problem(`${name}: none of its devices is a member of an array. Nothing was written.`);
  const named = nameDevice(facts, name);
  const judged = judgeDevices(wishesOfMembers(declared), observed, prospect);
  const own = named.is === 'device' && heldOf(judged).includes(named.device.block.name);
  if (named.is !== 'missing' && !own)
    return problem(
      `${name} is there already, and none of the devices is a member of it. Nothing was written.`,
    );
  const disks = judged.flatMap(
    ({ wish, verdict }) => deviceView(wish.name, verdict, `will be a member of ${name}`) ?? [],
  );
  const base = { disks, notes: notesOf(judged) };
  const refusals = refusalsOf(judged);
  if (refusals.length > 0) return { ...base, ...problem(...refusals) };
  if (judged.some(({ verdict }) => verdict.action.do !== 'make'))
    return { ...base, ...problem(`${name}: a part of its devices will be members already`) };
  const change = makingChange(judged, { object: raidKey(name), field: 'array', after: level });
  // What a person gave up shows through: whoever formats the array has to ask again.
  const blank = judged.every(({ verdict: { action } }) => action.do === 'make' && action.mode !== 'approved');
  return {
    ...base,
    ...standingOn(judged),
    changes: [change],
    predicted: promiseDevice([name], {
      ...{ exists: true, content: blank ? 'blank' : 'unknown', by: `raid.present ${name}` },
    }),
  };
}

interface Known extends New {
  readonly members: readonly Member[];
  readonly own: readonly Member[];
  readonly uuid: string;
}

/**
 * Members of an array are among the devices: it is used as it is, or not at all. Nothing is ever made over one, except over
 * our own that was cut short before it was ever started.
 */
function diffKnown(declared: RaidDeclared, known: Known): Diff {
  const { name } = declared;
  const { facts, members, own, uuid } = known;
  const foreign = own.filter(({ array }) => array !== uuid);
  if (foreign.length > 0)
    return problem(
      `${name}: its devices are members of different arrays: ${own.map((each) => `${each.name} of ${each.array ?? ''}`).join(', ')}. Nothing was written.`,
    );
  const array = runningArrays(facts).find((each) => each.uuid === uuid);
  const strangers = members.filter((each) => each.array !== uuid).map((each) => each.name);
  if (strangers.length > 0) {
    if (declared.fun === 'present' && isUnfinished(declared, known)) return diffNew(declared, known);
    const words = `${name}: ${strangers.join(', ')}: no member of the array ${uuid}, of which the others are. slab makes nothing over an array that is known`;
    const add = `mdadm --manage ${name} --add DEVICE`;
    return array === undefined
      ? problem(
          `${words}. Nothing was written. To go on with that array: mdadm --assemble --run ${name} ${own.map((each) => each.name).join(' ')}, and add a new disk to it with ${add}. If nobody needs it: mdadm --zero-superblock of each member, after mdadm --stop if it holds them`,
        )
      : { ...used(declared, facts, array), shortfalls: [`${words}: add a new disk to it with ${add}`] };
  }
  if (array !== undefined) return used(declared, facts, array);
  return assembling(name, uuid, { before: 'stopped', why: `its members are there: ${uuid}` });
}

/** Whether all members say that slab began their array and nobody ever started it, and nobody uses them. */
function isUnfinished(declared: RaidDeclared, { observed, prospect, own }: Known): boolean {
  const mark = markOf(declared);
  const ready = judgeDevices(wishesOfMembers(declared), observed, prospect).flatMap(({ wish, verdict }) =>
    verdict.state === 'READY' ? [wish.name] : [],
  );
  return own.every(
    ({ name, array, events = -1 }) => isBegun({ uuid: array ?? '', events }, mark) && !ready.includes(name),
  );
}

/** An array that runs. */
function used(declared: RaidDeclared, facts: HostFacts, array: RunningArray): Diff {
  const { name, level } = declared;
  if (level !== '' && array.level !== level)
    return problem(
      `${name}: it is ${array.level}, and ${level} is declared: slab does not change what an array is`,
    );
  const named = nameDevice(facts, name);
  if (named.is === 'device' && named.device.block.name !== array.block.name)
    return problem(`${name} is another array than that of its devices (${array.uuid})`);
  if (named.is === 'missing') return renamed(declared, facts, array);
  const idle = readMembers(facts, declared.devices).filter(
    ({ block }) => block !== undefined && array.block.slaves?.includes(block.name) !== true,
  );
  const shortfalls = [
    ...(array.degraded
      ? [`${name}: it is degraded: a member is missing or failed (mdadm --detail ${name})`]
      : []),
    ...idle.map(
      (each) => `${name}: ${each.name} is a member and does not take part (mdadm --manage ${name} --re-add)`,
    ),
  ];
  const notes =
    array.sync === undefined
      ? []
      : [
          `${name}: goes on in the background: ${array.sync} (cat /proc/mdstat); until then a member that fails may take data with it`,
        ];
  return {
    ...{ changes: [], predicted: {} },
    ...(notes.length === 0 ? {} : { notes }),
    ...(shortfalls.length === 0 ? {} : { shortfalls }),
  };
}

/** It runs under another name: assembled anew, unless somebody uses it. */
function renamed({ name }: RaidDeclared, facts: HostFacts, { block, uuid, ownName }: RunningArray): Diff {
  const named = nameDevice(facts, block.node);
  const users =
    named.is === 'device'
      ? findUsers(named.device, facts, () => false)
      : { known: false as const, why: 'it is not known' };
  const words = `${name}: its array runs as ${block.node} and calls itself "${ownName}"`;
  if (!users.known) return problem(`${words}; who uses it is not known: ${users.why}`);
  if (users.users.length > 0)
    return problem(`${words}; it is ${users.users.join(', ')}: it keeps that name until nobody uses it`);
  return assembling(name, uuid, { before: block.node, why: words });
}

function assembling(
  name: string,
  uuid: string,
  { before, why }: { readonly before: string; readonly why: string },
): Diff {
  const change: Change = {
    ...{ object: raidKey(name), field: 'assembled', action: 'update', before, after: uuid },
    ...{ risk: 'change', certainty: 'exact', why },
  };
  return {
    changes: [change],
    predicted: promiseDevice([name], { exists: true, content: 'unknown', by: `raid ${name}` }),
  };
}
