import {
  judgeDevices,
  lacksTool,
  makingChange,
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
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { sizeBytes, type LvDeclared } from './parse.ts';
import { LVM, problem } from './pv.ts';
import { readLvm, type Lv, type Lvm } from './reports.ts';
import { whyNoPlace } from './place.ts';
import { noteOfShare } from './share.ts';
import { findGroup, foreseen, kernelNode, vgKey } from './vg.ts';

const volume = scriptFile(import.meta.url, './volume.sh');

/** The tag of a volume that grows together with its file system, from before the first until after the second has grown. */
const GROWING = 'slab.growing';

/** The object that a logical volume is. */
export function lvKey({ group, name }: Pick<LvDeclared, 'group' | 'name'>): string {
  return `lv:${group}/${name}`;
}

/** Its path. */
export function lvPath({ group, name }: Pick<LvDeclared, 'group' | 'name'>): string {
  return `/dev/${group}/${name}`;
}

/** What is looked at: only what shall go. */
export function wishesOfLv(declared: LvDeclared): readonly DeviceWish[] {
  return declared.fun === 'lv_absent'
    ? [{ name: lvPath(declared), wanted: '', least: 0, records: declared.records }]
    : [];
}

/** What differs between a declared volume and what is there. */
export function diffLv(declared: LvDeclared, observed: StorageObserved, prospect: Prospect): Diff {
  if (!observed.facts.read) return problem(observed.facts.why);
  const facts = observed.facts.value;
  const lvm = readLvm(facts);
  if (!lvm.read) return problem(lvm.why);
  const lv = lvm.value.lvs.find((each) => each.group === declared.group && each.name === declared.name);
  if (declared.fun === 'lv_absent')
    return diffAbsent(declared, { observed, facts, lvm: lvm.value, lv, prospect });
  const missing = lacksTool(facts, LVM, prospect);
  if (missing !== undefined) return problem(missing);
  return lv === undefined
    ? diffNew(declared, { facts, lvm: lvm.value, prospect })
    : diffFound(declared, { facts, lvm: lvm.value, lv, prospect });
}

interface New {
  readonly facts: HostFacts;
  readonly lvm: Lvm;
  readonly prospect: Prospect;
}

function diffNew(declared: LvDeclared, { facts, lvm, prospect }: New): Diff {
  const { group, name, size } = declared;
  const comes = foreseen(prospect, vgKey(group)) === true;
  const found = findGroup(lvm, group);
  if (found === 'two') return problem(`two volume groups are called ${group}`);
  if (found === 'none' && !comes) return problem(`there is no volume group ${group}`);
  const astray = whyNoPlace(declared, { facts, lvm, comes });
  if (astray !== undefined) return problem(astray);
  const bytes = found === 'none' ? undefined : wantedBytes(declared, found.extentBytes);
  if (found !== 'none' && !comes && bytes !== undefined && bytes > found.freeBytes)
    return problem(
      `${lvPath(declared)} shall have ${bytes} bytes, and ${group} has ${found.freeBytes} bytes that are free`,
    );
  if (found !== 'none' && !comes && found.freeBytes === 0)
    return problem(`${group} has no extent that is free`);
  const by = `lvm.lv_present ${group}/${name}`;
  return {
    changes: [
      {
        ...{ object: lvKey(declared), field: 'size', action: 'create', before: null, after: size.value },
        ...{ risk: 'change', certainty: comes ? 'provisional' : 'exact' },
      },
    ],
    predicted: {
      [lvKey(declared)]: { exists: true, by },
      ...promiseDevice(allNames(facts, lvPath(declared)), {
        ...{ exists: true, content: 'pending', by },
        ...(bytes === undefined ? {} : { size: bytes }),
      }),
    },
  };
}

/** How many bytes are meant, in whole extents; undefined for a share of what is there. */
function wantedBytes({ size: { option, value } }: LvDeclared, extent: number): number | undefined {
  if (option === '--size') return Math.ceil(sizeBytes(value) / extent) * extent;
  return value.includes('%') ? undefined : Number(value) * extent;
}

interface Found extends New {
  readonly lv: Lv;
}

function diffFound(declared: LvDeclared, { facts, lvm, lv, prospect }: Found): Diff {
  const { group, size } = declared;
  const path = lvPath(declared);
  const found = findGroup(lvm, group);
  if (typeof found === 'string') return problem(`the volume group ${group} is there twice`);
  const base = { object: lvKey(declared), risk: 'change', certainty: 'exact' } as const;
  const active = nameDevice(facts, path).is === 'device';
  const wanted = wantedBytes(declared, found.extentBytes);
  if (wanted !== undefined && wanted < lv.sizeBytes)
    return problem(
      `${path} has ${lv.sizeBytes} bytes, and ${wanted} are declared: slab makes no volume smaller, as what is at its end would be lost`,
    );
  const grows = wanted !== undefined && wanted > lv.sizeBytes;
  if (grows && wanted - lv.sizeBytes > found.freeBytes)
    return problem(
      `${path} shall grow by ${wanted - lv.sizeBytes} bytes, and ${group} has ${found.freeBytes} bytes that are free`,
    );
  const comes = foreseen(prospect, vgKey(group)) === true;
  const astray = grows ? whyNoPlace(declared, { facts, lvm, comes }) : undefined;
  if (astray !== undefined) return problem(astray);
  const fills: Change = {
    ...{ ...base, field: 'file system', action: 'update' },
    ...{ before: 'its growth was cut short', after: 'the size of its volume' },
  };
  const notes = noteOfShare(declared, lv, found);
  return {
    ...(notes.length === 0 ? {} : { notes }),
    changes: [
      ...(active
        ? []
        : [{ ...base, field: 'active', action: 'update', before: false, after: true } as const]),
      ...(grows
        ? [{ ...base, field: 'size', action: 'update', before: lv.sizeBytes, after: size.value } as const]
        : []),
      ...(!grows && declared.resizeFileSystem && lv.tags.includes(GROWING) ? [fills] : []),
    ],
    predicted: active
      ? {}
      : promiseDevice([path], { exists: true, content: 'unknown', by: `lvm.lv_present ${group}/${lv.name}` }),
  };
}

interface Absent {
  readonly observed: StorageObserved;
  readonly facts: HostFacts;
  readonly lvm: Lvm;
  readonly lv: Lv | undefined;
  readonly prospect: Prospect;
}

function diffAbsent(declared: LvDeclared, { observed, facts, lvm, lv, prospect }: Absent): Diff {
  const path = lvPath(declared);
  if (lv === undefined) return { changes: [], predicted: {} };
  const tied = [...new Set(lvm.lvs.filter((each) => goesWith(each, lv)).map(({ name }) => name))];
  const staying = tied.filter((name) => foreseen(prospect, lvKey({ group: lv.group, name })) !== false);
  const ties =
    staying.length === 0
      ? []
      : [
          `${path} is the origin or pool of volumes that would go with it (${staying.join(', ')}): each is given up by itself first (lvm.lv_absent)`,
        ];
  const judged = judgeDevices(wishesOfLv(declared), observed, prospect);
  const [one] = judged;
  const view = one === undefined ? undefined : deviceView(path, one.verdict, 'will be REMOVED');
  const disks = view === undefined ? {} : { disks: [view] };
  const refusals = refusalsOf(judged);
  if (refusals.length > 0) return { ...problem(...refusals, ...ties), ...disks };
  if (ties.length > 0) return problem(...ties);
  return {
    ...disks,
    ...standingOn(judged),
    changes: [
      {
        ...makingChange(judged, { object: lvKey(declared), field: 'exists', after: null }),
        ...{ action: 'remove', risk: 'destroy' },
        ...(tied.length === 0 ? {} : { certainty: 'provisional' }),
      },
    ],
    predicted: {
      [lvKey(declared)]: { exists: false, by: `lvm.lv_absent ${path}` },
      ...promiseDevice(allNames(facts, path), { exists: false, content: '', by: `lvm.lv_absent ${path}` }),
    },
  };
}

/** Whether `lvremove` takes a volume along with another one. Thin snapshots of a thin volume stay: both lie in one pool. */
function goesWith(each: Lv, { group, name, pool }: Lv): boolean {
  if (each.group !== group) return false;
  return each.pool === name || (each.origin === name && (each.pool === '' || each.pool !== pool));
}

/** What to run for these changes. */
export function stepsOfLv(
  declared: LvDeclared,
  changes: readonly Change[],
  observed: StorageObserved,
): readonly Step[] {
  if (!observed.facts.read) return [];
  const facts = observed.facts.value;
  const { name, group, size, pv, resizeFileSystem } = declared;
  const path = lvPath(declared);
  return changes.map((change): Step => {
    if (change.field === 'exists')
      return makeStep({ title: `remove ${path}`, risk: change.risk }, facts, {
        devices: orderDevices(wishesOfLv(declared), change, { observed, becomes: 'gone' }),
        command: ['lvm', 'lvremove', '-q', '-y', `${group}/${name}`],
      });
    const mode =
      change.action === 'create'
        ? 'create'
        : (({ active: 'activate', 'file system': 'fill' } as const)[change.field] ?? 'extend');
    const titles = {
      activate: 'activate',
      create: 'make',
      extend: 'extend',
      fill: 'grow the file system on',
    } as const;
    return {
      title: `${titles[mode]} ${path}`,
      risk: change.risk,
      script: volume([
        ...[mode, group, name, size.option, size.value],
        ...[uuidOf(facts, declared), resizeFileSystem ? 'yes' : '', kernelNode(facts, pv)],
      ]),
    };
  });
}

function uuidOf(facts: HostFacts, { group, name }: LvDeclared): string {
  const lvm = readLvm(facts);
  const lv = lvm.read ? lvm.value.lvs.find((each) => each.group === group && each.name === name) : undefined;
  return lv?.uuid ?? '';
}
