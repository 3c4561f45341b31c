import { fieldsOf, signaturesOf } from '../../disks/content.ts';
import type { DeviceVerdict } from '../../disks/device-verdict.ts';
import { orderDevices, standingOn } from '../../disks/device-orders.ts';
import { deviceView, refusalOf } from '../../disks/device-words.ts';
import { judgeDevice, type DeviceWish, type StorageObserved } from '../../disks/device-looks.ts';
import { makeStep } from '../../disks/make-script.ts';
import { allNames, promiseDevice } from '../../disks/prospects.ts';
import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { Step } from '../../model/step.ts';
import type { FormattedDeclared } from './parse.ts';

/** What this state wants of its device. */
export function wishOf({ name, type, least, records }: FormattedDeclared): DeviceWish {
  return { name, wanted: type, least, records };
}

/** What differs between the file system that is declared and what the device has. */
export function diffFormatted(
  declared: FormattedDeclared,
  observed: StorageObserved,
  prospect: Prospect,
): Diff {
  const verdict = judgeDevice(wishOf(declared), observed, prospect);
  const { action } = verdict;
  const view = deviceView(declared.name, verdict, `will be FORMATTED as ${declared.type}`);
  const base: Diff = {
    ...{ changes: [], predicted: {} },
    ...(view === undefined ? {} : { disks: [view] }),
    ...(verdict.note === undefined ? {} : { notes: [verdict.note] }),
  };
  if (action.do === 'nothing') return { ...base, ...labelNote(declared, verdict, base.notes) };
  const missing = toolMissing(declared, observed);
  if (action.do !== 'make')
    return { ...base, problems: [refusalOf(declared.name, verdict, declared.records)] };
  if (missing !== undefined && verdict.state !== 'PROMISED') return { ...base, problems: [missing] };
  const facts = observed.facts.read ? observed.facts.value : undefined;
  const { name, type, label } = declared;
  const size = verdict.device?.block.sizeBytes ?? undefined;
  return {
    ...base,
    ...standingOn([{ verdict }]),
    changes: [changeOf(declared, verdict)],
    predicted: promiseDevice(allNames(facts, name), {
      ...{ exists: true, content: type, by: `blockdev.formatted ${name}`, label },
      ...(size === undefined ? {} : { size }),
    }),
  };
}

/** What a file system that is there is called stays, and is not passed over: others may look for it by that. */
function labelNote(
  { name, label }: FormattedDeclared,
  { state, device }: DeviceVerdict,
  notes: readonly string[] = [],
): Pick<Diff, 'notes'> {
  if (label === '' || state !== 'READY' || device === undefined) return {};
  const { LABEL = '' } = fieldsOf(device.block);
  const found = [LABEL, ...signaturesOf(device.block).map((each) => each.label)].map((each) => each.trim());
  if (found.includes(label)) return {};
  const now = found.find((each) => each !== '') ?? '';
  return {
    notes: [
      ...notes,
      `${name}: its file system ${now === '' ? 'has no label' : `is called "${now}"`}, and "${label}" is declared: slab gives a label only to what it makes`,
    ],
  };
}

function changeOf({ name, type }: FormattedDeclared, { state, action, evidence }: DeviceVerdict): Change {
  return {
    ...{ object: `blockdev:${name}`, field: 'filesystem', action: 'create', before: state, after: type },
    risk: action.do === 'make' && action.mode === 'approved' ? 'destroy' : 'change',
    certainty: state === 'PROMISED' ? 'provisional' : 'exact',
    why: evidence.join('; '),
  };
}

/** Why the file system cannot be made on this host; undefined when it can. */
function toolMissing({ command }: FormattedDeclared, { facts }: StorageObserved): string | undefined {
  const [tool = ''] = command;
  if (!facts.read || facts.value.tools[tool] !== undefined) return undefined;
  const packages: Readonly<Record<string, string>> = {
    'mkfs.xfs': 'xfsprogs',
    'mkfs.btrfs': 'btrfs-progs',
    'mkfs.vfat': 'dosfstools',
    'mkfs.f2fs': 'f2fs-tools',
  };
  return `${tool} is not installed (Debian: package ${packages[tool] ?? 'e2fsprogs'})`;
}

/** What to run for these changes. */
export function stepsOfFormatted(
  declared: FormattedDeclared,
  changes: readonly Change[],
  observed: StorageObserved,
): readonly Step[] {
  const [change] = changes;
  if (change === undefined || !observed.facts.read) return [];
  const wish = wishOf(declared);
  const { name, type, command, force, mount, full, records } = declared;
  if (change.certainty !== 'provisional' && judgeDevice(wish, observed).action.do !== 'make') return [];
  const devices = orderDevices([wish], change, { observed, becomes: type });
  const about = { title: `format ${name} as ${type}`, risk: change.risk, reports: true };
  return [
    makeStep(about, observed.facts.value, {
      ...{ devices, force, full },
      // By its id another run finds it again when this one is cut short.
      ...(type === 'xfs' ? { made: { cluster: records.environment, host: records.host, type } } : {}),
      command: type === 'xfs' ? [command[0] ?? '', '-muuid={id}', ...command.slice(1)] : command,
      ...(mount === undefined ? {} : { mount }),
    }),
  ];
}
