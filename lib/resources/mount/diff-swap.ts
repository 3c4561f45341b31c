import { standingOn } from '../../disks/device-orders.ts';
import { deviceView, refusalOf } from '../../disks/device-words.ts';
import { judgeDevice } from '../../disks/device-looks.ts';
import type { DeviceVerdict } from '../../disks/device-verdict.ts';
import type { HostFacts, UsedSwap } from '../../disks/facts.ts';
import { allNames, promiseDevice } from '../../disks/prospects.ts';
import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { SwapDeclared } from './declared.ts';
import type { FstabEntry } from './fstab.ts';
import { blockOf } from './live.ts';
import { wishesOf, type MountObserved } from './observe.ts';
import { planLine } from './plan-line.ts';

/** What is to be done so that swap is in use, now and at the next boot. */
export function diffSwap(declared: SwapDeclared, observed: MountObserved, prospect: Prospect): Diff {
  if (!observed.facts.read)
    return { changes: [], predicted: {}, problems: [`swap cannot be judged: ${observed.facts.why}`] };
  const facts = observed.facts.value;
  const { device, persist } = declared;
  const line = persist
    ? planLine(declared, observed, { wanted: entryOf(declared), isMeant: (entry) => entry.device === device })
    : { problems: [], notes: [] };
  const used = activeSwap(declared, facts);
  const active = used !== undefined;
  const notes = [...line.notes, ...priorityNotes(declared, used)];
  const verdict = declared.isFile ? undefined : judgeSwap(declared, observed, prospect);
  const make = !active && verdict?.action.do === 'make';
  const problems = [...line.problems, ...(active ? [] : problemsOf(declared, observed, verdict))];
  const view = verdict === undefined || active ? undefined : deviceView(device, verdict, 'will be made swap');
  const base = {
    object: `swap:${device}`,
    certainty: verdict?.state === 'PROMISED' ? 'provisional' : 'exact',
  } as const;
  const changes: readonly Change[] = [
    ...(make ? [madeChange(declared, verdict)] : []),
    ...(active
      ? []
      : [
          {
            ...base,
            field: 'active',
            action: 'create' as const,
            before: false,
            after: true,
            risk: 'change' as const,
          },
        ]),
    ...(line.edit === undefined
      ? []
      : [
          {
            ...{
              ...base,
              field: 'fstab',
              action: line.edit.before === '' ? ('create' as const) : ('update' as const),
            },
            ...{ before: line.edit.before || null, after: line.edit.after, risk: 'change' as const },
          },
        ]),
  ];
  return {
    ...(verdict === undefined || active ? {} : standingOn([{ verdict }])),
    changes: problems.length > 0 ? [] : changes,
    predicted: make
      ? promiseDevice(allNames(facts, device), { exists: true, content: 'swap', by: `mount.swap ${device}` })
      : {},
    ...(problems.length === 0 ? {} : { problems }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(view === undefined ? {} : { disks: [view] }),
  };
}

/** The line of fstab, as Salt writes it; with a priority only where one is declared. */
function entryOf({ device, priority }: SwapDeclared): FstabEntry {
  const options = priority === null ? ['defaults'] : ['defaults', `pri=${priority}`];
  return { device, point: 'none', type: 'swap', options, dump: 0, pass: 0 };
}

/** What is decided on the device. */
export function judgeSwap(
  declared: SwapDeclared,
  observed: MountObserved,
  prospect?: Prospect,
): DeviceVerdict | undefined {
  const [wish] = wishesOf(declared);
  return wish === undefined ? undefined : judgeDevice(wish, observed, prospect);
}

/** This swap, where it is in use. */
function activeSwap({ device }: SwapDeclared, facts: HostFacts): UsedSwap | undefined {
  if (!facts.swaps.read) return undefined;
  const block = blockOf(facts, device);
  return facts.swaps.value.find(
    ({ path, number }) => path === device || (block !== undefined && number === block.number),
  );
}

/** The kernel gives no other priority to swap in use, and to take it out of use may take all memory there is. */
function priorityNotes({ device, priority }: SwapDeclared, used: UsedSwap | undefined): readonly string[] {
  return priority === null || used?.priority == null || used.priority === priority
    ? []
    : [
        `${device} is in use with priority ${used.priority}, not ${priority}: it gets that when it is taken into use again, by swapoff and swapon or the next boot`,
      ];
}

function problemsOf(
  { device, isFile, records }: SwapDeclared,
  { swapFile, lookFailed }: MountObserved,
  verdict: DeviceVerdict | undefined,
): readonly string[] {
  if (!isFile)
    return verdict === undefined || verdict.action.do !== 'refuse'
      ? []
      : [refusalOf(device, verdict, records)];
  if (lookFailed !== undefined) return [lookFailed];
  if (swapFile === undefined || swapFile === null)
    return [`there is no file ${device}: make it, mode 0600, and mkswap it first`];
  if (swapFile.type !== 'swap')
    return [`${device} is ${swapFile.type || 'a file without a signature'}, not swap: mkswap it first`];
  return [];
}

function madeChange({ device }: SwapDeclared, { state, action, evidence }: DeviceVerdict): Change {
  return {
    ...{ object: `swap:${device}`, field: 'content', action: 'create', before: state, after: 'swap' },
    risk: action.do === 'make' && action.mode === 'approved' ? 'destroy' : 'change',
    certainty: state === 'PROMISED' ? 'provisional' : 'exact',
    why: evidence.join('; '),
  };
}
