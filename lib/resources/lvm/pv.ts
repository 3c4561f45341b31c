import {
  judgeDevices,
  lacksTool,
  makingChange,
  notesOf,
  orderDevices,
  refusalsOf,
  standingOn,
} from '../../disks/device-orders.ts';
import type { DeviceWish, StorageObserved } from '../../disks/device-looks.ts';
import { deviceView } from '../../disks/device-words.ts';
import type { HostFacts } from '../../disks/facts.ts';
import { makeStep } from '../../disks/make-script.ts';
import { nameDevice } from '../../disks/named.ts';
import { allNames, promiseDevice } from '../../disks/prospects.ts';
import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { HostRecords } from '../../model/records.ts';
import type { Step } from '../../model/step.ts';
import type { PvDeclared } from './parse.ts';
import { readLvm, type Lvm, type Pv } from './reports.ts';

/** What blkid calls a physical volume. */
export const MEMBER = 'LVM2_member';

/** The package of lvm, and what it is called in the facts. */
export const LVM = { tool: 'lvm', pkg: 'lvm2' } as const;

/** The smallest device that LVM takes anything from. */
const LEAST = 2 << 20;

/** The object that a physical volume is. */
export function pvKey(name: string): string {
  return `pv:${name}`;
}

/** A device that becomes a physical volume. */
export function pvWish(name: string, records: HostRecords): DeviceWish {
  return { name, wanted: MEMBER, least: LEAST, records };
}

/** What this state wants of its device: a removal wants nothing on it, and so anything there has to be given up. */
export function wishOfPv({ fun, name, records }: PvDeclared): DeviceWish {
  return fun === 'pv_present' ? pvWish(name, records) : { name, wanted: '', least: 0, records };
}

/** The physical volume that a device is; undefined when LVM knows of none there. */
export function pvOf(facts: HostFacts, lvm: Lvm, name: string): Pv | undefined {
  const named = nameDevice(facts, name);
  return named.is === 'device' ? lvm.pvs.find(({ block }) => block === named.device.block.name) : undefined;
}

/** What differs between a declared physical volume and the device. */
export function diffPv(declared: PvDeclared, observed: StorageObserved, prospect: Prospect): Diff {
  if (!observed.facts.read) return { changes: [], predicted: {}, problems: [observed.facts.why] };
  const facts = observed.facts.value;
  const lvm = readLvm(facts);
  if (!lvm.read) return { changes: [], predicted: {}, problems: [lvm.why] };
  const pv = pvOf(facts, lvm.value, declared.name);
  if (pv?.duplicate === true)
    return problem(`${declared.name}: two devices say that they are this physical volume: one is a copy`);
  if (declared.fun === 'pv_absent') return diffAbsent(declared, { observed, facts, pv, prospect });
  const judged = judgeDevices([wishOfPv(declared)], observed, prospect);
  const [one] = judged;
  if (one === undefined) return problem(`${declared.name}: nothing was decided`);
  const { verdict } = one;
  const view = deviceView(declared.name, verdict, 'will be a physical volume');
  const base = {
    ...(view === undefined ? {} : { disks: [view] }),
    notes: notesOf(judged),
  };
  if (verdict.action.do === 'nothing')
    return verdict.state === 'READY' && pv === undefined && facts.tools['lvm'] !== undefined
      ? { ...base, ...problem(hidden(declared.name)) }
      : { ...base, changes: [], predicted: {} };
  const missing = lacksTool(facts, LVM, prospect);
  const problems = [...refusalsOf(judged), ...(missing === undefined ? [] : [missing])];
  if (problems.length > 0) return { ...base, changes: [], predicted: {}, problems };
  return {
    ...base,
    ...standingOn(judged),
    changes: [
      makingChange(judged, { object: pvKey(declared.name), field: 'physical volume', after: MEMBER }),
    ],
    predicted: promiseDevice(allNames(facts, declared.name), {
      ...{ exists: true, content: MEMBER, by: `lvm.pv_present ${declared.name}` },
    }),
  };
}

/** Why a physical volume that scanners see cannot be used. */
export function hidden(name: string): string {
  return `${name}: it is a physical volume, and LVM does not show it: see "devicesfile" and "filter" in lvm.conf`;
}

interface Absent {
  readonly observed: StorageObserved;
  readonly facts: HostFacts;
  readonly pv: Pv | undefined;
  readonly prospect: Prospect;
}

function diffAbsent(declared: PvDeclared, { observed, facts, pv, prospect }: Absent): Diff {
  const { name } = declared;
  const named = nameDevice(facts, name);
  const blkid = named.is === 'device' ? named.device.block.content?.blkid : undefined;
  const seen = blkid?.read === true && blkid.value.says === 'content' ? blkid.value.fields['TYPE'] : '';
  if (pv === undefined && seen !== MEMBER) return { changes: [], predicted: {} };
  if (pv !== undefined && pv.group !== '')
    return problem(`${name}: it belongs to the volume group ${pv.group}: lvm.vg_absent, or vgreduce, first`);
  const judged = judgeDevices([wishOfPv(declared)], observed, prospect);
  const refusals = refusalsOf(judged);
  if (refusals.length > 0) return problem(...refusals);
  return {
    ...standingOn(judged),
    changes: [
      {
        ...makingChange(judged, { object: pvKey(name), field: 'physical volume', after: null }),
        ...{ action: 'remove', risk: 'destroy' },
      },
    ],
    predicted: promiseDevice(allNames(facts, name), {
      ...{ exists: true, content: 'unknown', by: `lvm.pv_absent ${name}` },
    }),
  };
}

/** A diff of nothing but reasons. */
export function problem(...problems: readonly string[]): Diff {
  return { changes: [], predicted: {}, problems };
}

/** What to run for these changes. */
export function stepsOfPv(
  declared: PvDeclared,
  changes: readonly Change[],
  observed: StorageObserved,
): readonly Step[] {
  const [change] = changes;
  if (change === undefined || !observed.facts.read) return [];
  const present = declared.fun === 'pv_present';
  const devices = orderDevices([wishOfPv(declared)], change, {
    observed,
    becomes: present ? MEMBER : 'nothing',
  });
  const title = present
    ? `make ${declared.name} a physical volume`
    : `take the physical volume off ${declared.name}`;
  return [
    makeStep({ title, risk: change.risk }, observed.facts.value, {
      devices,
      command: present ? ['lvm', 'pvcreate', '-q', '{}'] : ['true'],
    }),
  ];
}
