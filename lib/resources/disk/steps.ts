import {
  adoptScript,
  blockScript,
  formatScript,
  mendTableScript,
  mountScript,
  type MountOrder,
} from '../../disks/own-scripts.ts';
import type { HostFacts } from '../../disks/facts.ts';
import { readMarker } from '../../disks/marker.ts';
import type { Change } from '../../model/change.ts';
import type { Step } from '../../model/step.ts';
import { objectOf } from './diff.ts';
import { planDisks, type DiskPlan } from './plan-disks.ts';
import type { DiskObserved } from './observed.ts';
import type { DiskDeclared } from './parse.ts';
import { mountUnit, wantsUnit } from './unit.ts';

/**
 * What to run for these changes: what is ours already first, then unfinished work, then new disks. Each disk is a part of
 * its own: one that fails keeps no other from being done.
 */
export function stepsOfDisks(
  declared: DiskDeclared,
  changes: readonly Change[],
  observed: DiskObserved,
): readonly Step[] {
  if (!observed.facts.read) return [];
  const facts = observed.facts.value;
  const { disks } = planDisks(declared, observed);
  const fieldsOf = (plan: DiskPlan) =>
    changes.filter(({ object }) => object === objectOf(declared, plan.disk.serial)).map(({ field }) => field);
  const order = (plan: DiskPlan): number =>
    plan.adopt !== undefined ? 1 : plan.format === undefined ? 0 : plan.format.mode === 'blank' ? 2 : 1;
  return [
    ...changes.flatMap(({ field, after }) =>
      field === 'blocker' && typeof after === 'string' ? [blockStep(after)] : [],
    ),
    ...[...disks]
      .sort((a, b) => order(a) - order(b))
      .flatMap((plan) =>
        asPart(plan, stepsOfDisk(declared, { plan, facts, observed, fields: fieldsOf(plan), changes })),
      ),
    // Disks work without it.
    ...disks.flatMap((plan) =>
      fieldsOf(plan).includes('table') ? asPart(plan, mendTableSteps(plan, facts)) : [],
    ),
  ];
}

/** No disk needs another: one that does not take a file system keeps no other one from having its own. */
function asPart({ disk }: DiskPlan, steps: readonly Step[]): readonly Step[] {
  return steps.map((step) => ({ ...step, part: disk.serial }));
}

function blockStep(point: string): Step {
  return {
    ...{ title: `keep everybody from writing to ${point}`, script: blockScript(point), risk: 'change' },
    // A place that holds files already keeps no disk from being mounted at its own.
    part: point,
  };
}

function mendTableSteps({ disk, verdict, point }: DiskPlan, facts: HostFacts): readonly Step[] {
  const { action } = verdict;
  if (action.do !== 'use' || action.damaged === undefined || point === undefined) return [];
  const { damaged, marker, markerText } = action;
  return [
    {
      title: `mend the ${damaged} copy of the table of disk ${disk.serial}`,
      risk: 'change',
      script: mendTableScript(disk, facts, { damaged, marker, markerText, point }),
    },
  ];
}

interface Stepping {
  readonly plan: DiskPlan;
  readonly facts: HostFacts;
  readonly observed: DiskObserved;
  readonly fields: readonly string[];
  readonly changes: readonly Change[];
}

function stepsOfDisk(declared: DiskDeclared, stepping: Stepping): readonly Step[] {
  const { plan, facts, observed, fields } = stepping;
  const { disk, point, format, adopt, markerText } = plan;
  const marker = readMarker(markerText);
  if (point === undefined || marker === undefined || fields.length === 0) return [];
  const steps: Step[] = [];
  if (fields.includes('filesystem') && format !== undefined) {
    const look = observed.looks[disk.block.name];
    steps.push({
      title: `${format.mode === 'blank' || format.mode === 'approved' ? 'format' : 'complete'} disk ${disk.serial} as ${declared.filesystem}`,
      risk: format.mode === 'approved' ? 'destroy' : 'change',
      reports: true,
      script: formatScript(disk, facts, {
        ...{ mode: format.mode, ids: format.ids, filesystem: declared.filesystem, marker: markerText },
        ...{ full: declared.proof === 'full', point, owner: declared.owner, mode4: declared.mode },
        ...(look?.read === true ? { look: look.value } : {}),
        ...(format.fingerprint === undefined ? {} : { fingerprint: format.fingerprint }),
      }),
      ...(format.fingerprint === undefined
        ? {}
        : { destroys: [{ serial: disk.serial, fingerprint: format.fingerprint }] }),
    });
  }
  if (fields.includes('marker') && adopt !== undefined)
    steps.push({
      title: `adopt disk ${disk.serial}`,
      risk: 'change',
      script: adoptScript(disk, facts, { ...adopt, newMarker: markerText, point }),
    });
  const unit = mountUnit(declared, { point, partUuid: marker.partUuid, filesystem: marker.filesystem });
  const { copy } = plan.verdict.action.do === 'use' ? plan.verdict.action : {};
  const order = (mode: MountOrder['mode']): MountOrder => ({
    ...{ mode, partUuid: marker.partUuid, filesystem: marker.filesystem, fsUuid: marker.fsUuid, point },
    ...{ options: declared.options, owner: declared.owner, mode4: declared.mode, marker: markerText },
    ...(wantsUnit(declared, facts) && marker.partUuid !== '' ? { unit } : {}),
    ...(copy === undefined ? {} : { copy }),
  });
  const step = (mode: MountOrder['mode'], title: string): Step => ({
    ...{ title, risk: 'change', script: mountScript(disk, facts, order(mode)) },
  });
  const mend = copy === undefined ? '' : 'mend the superblock of, and ';
  if (fields.includes('mount')) steps.push(step('mount', `${mend}mount disk ${disk.serial} at ${point}`));
  if (fields.includes('options')) steps.push(step('remount', `change options of ${point}`));
  if (['owner', 'mode', 'unit'].some((field) => fields.includes(field)))
    steps.push(step('own', `owner, mode and unit of ${point}`));
  return steps;
}
