import type { Change } from '../../model/change.ts';
import type { DiskView } from '../../model/disk-view.ts';
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
      ? [...refusals, ...problem, 'left alone']
      : format !== undefined
        ? [
            `will be ${verdict.state === 'UNFINISHED' ? 'completed' : 'FORMATTED'} as ${declared.filesystem}`,
            ...verdict.evidence,
          ]
        : plan.adopt !== undefined
          ? [`will be ADOPTED as ${placeOf(declared, plan)}, with what is on it`, ...verdict.evidence]
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

/** Names that nothing answers to, in the same picture. */
export function missingViews(declared: DiskDeclared, { missing, disks }: SetPlan): readonly DiskView[] {
  return missing.map((name) => {
    const record = declared.records.disks.find((each) => each.serial === name);
    const seen = record?.lastReady === undefined ? [] : [`last READY on ${record.lastReady.slice(0, 10)}`];
    const [size] = disks;
    return {
      ...{ slot: '', serial: name, sizeBytes: record?.sizeBytes ?? size?.disk.block.sizeBytes ?? 0 },
      ...{ state: 'MISSING', action: 'refused', role: declared.role, mount: '' },
      words: ['nothing answers to this name', ...seen],
    };
  });
}
