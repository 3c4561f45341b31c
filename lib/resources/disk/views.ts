import { wayOn } from '../../disks/device-words.ts';
import type { Change } from '../../model/change.ts';
import type { DiskView } from '../../model/disk-view.ts';
import type { DiskRecord } from '../../model/records.ts';
import type { DiskPlan, SetPlan } from './plan-disks.ts';
import type { DiskDeclared } from './parse.ts';

/** Whose a disk is, in a word. */
export function placeOf({ cluster, host, role }: DiskDeclared, { n }: DiskPlan): string {
  return `${cluster}/${host}/${role}-${n ?? 0}`;
}

/** A disk in the picture of its host: what it is, and what will become of it. */
export function viewOf(
  declared: DiskDeclared,
  plan: DiskPlan,
  { own, problem }: { own: readonly Change[]; problem: readonly string[] },
): DiskView {
  const { disk, verdict, n, point, refusals, spare } = plan;
  const format = own.find(({ field }) => field === 'filesystem');
  const refused = refusals.length > 0 || problem.length > 0;
  const words = spare
    ? [`not needed: ${declared.count.max} are enough`]
    : refused
      ? [...refusals, ...problem, ...leftAlone(declared, plan)]
      : format !== undefined
        ? [
            `will be ${verdict.state === 'UNFINISHED' ? 'completed' : 'FORMATTED'} as ${declared.filesystem}`,
            ...verdict.evidence,
            ...inPlaceOf(plan),
          ]
        : plan.adopt !== undefined
          ? [
              `will be ADOPTED as ${placeOf(declared, plan)}, with what is on it`,
              ...verdict.evidence,
              ...inPlaceOf(plan),
            ]
          : own.length > 0
            ? own.map(
                ({ field, after }) =>
                  `${field}: ${typeof after === 'string' ? after : JSON.stringify(after)}`,
              )
            : ['no change'];
  return {
    slot: disk.slot,
    serial: disk.serial || disk.block.name,
    ...(disk.wwn === '' ? {} : { wwn: disk.wwn }),
    ...(verdict.action.do === 'use' ? { gen: verdict.action.marker.gen } : {}),
    sizeBytes: disk.block.sizeBytes ?? 0,
    state: verdict.state,
    action: refused
      ? 'refused'
      : format !== undefined
        ? 'format'
        : own.some(({ field }) => field === 'table' || field === 'superblock')
          ? 'mend'
          : own.length > 0
            ? 'change'
            : 'none',
    role: n === undefined ? '' : `${declared.role}-${n}`,
    mount: point ?? '',
    words,
  };
}

function leftAlone({ records }: DiskDeclared, { disk, verdict }: DiskPlan): readonly string[] {
  const way = wayOn(verdict.state, disk.serial, records.host);
  return ['left alone', ...(way === '' ? [] : [way])];
}

/** A replacement: the disk before it is taken out of service. */
function inPlaceOf({ n, replaces }: DiskPlan): readonly string[] {
  if (replaces === undefined) return [];
  const { serial, lastReady = '' } = replaces;
  const last = lastReady === '' ? '' : `, last READY on ${lastReady.slice(0, 10)}`;
  return [`in place of disk ${serial}${last}: that one is retired when this one has its number ${n ?? 0}`];
}

/** Disks that nothing answers for, in the same picture. */
export function missingViews(
  { role, records }: DiskDeclared,
  { missing, disks, orphans }: SetPlan,
): readonly DiskView[] {
  return missing.map(({ name, record, point = '' }) => {
    const [size] = disks;
    return {
      ...{ slot: record?.slot ?? '', serial: record?.serial ?? name },
      ...{ sizeBytes: record?.sizeBytes ?? size?.disk.block.sizeBytes ?? 0 },
      ...{ state: 'MISSING', action: 'refused', mount: point },
      role: record?.n === undefined ? role : `${role}-${record.n}`,
      words: [
        whatIsMissing(record, records.host),
        ...(orphans.includes(point) ? [`${point} is kept shut`] : []),
      ],
    };
  });
}

/** Why a disk counts as missing: nothing has the name that a state has for it, or what was here is not here any more. */
export function whatIsMissing(record: DiskRecord | undefined, host: string): string {
  return record?.lastReady === undefined
    ? 'nothing answers to this name'
    : `nothing answers to this name; last READY on ${record.lastReady.slice(0, 10)}${record.host === host ? '' : ` in ${record.host}`}`;
}
