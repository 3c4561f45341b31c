import type { HostRecords } from '../model/records.ts';
import type { SectionResult } from '../model/script.ts';
import { decideDevice } from './decide-device.ts';
import type { DeviceVerdict } from './device-verdict.ts';
import type { LookFor } from './verdict.ts';
import type { Answer, Facts, HostFacts } from './facts.ts';
import type { TableImage } from './gpt.ts';
import type { Disk } from './identity.ts';
import { nameDevice } from './named.ts';
import { parseFacts } from './parse-facts.ts';
import { promisedDevice } from './prospects.ts';
import { readLook, type Look } from './read-look.ts';
import { lookScript } from './scripts.ts';
import type { Prospect } from '../model/resource.ts';
import type { Look as KindLook } from '../model/step.ts';

/** What a kind has seen of a host's storage: its facts, and closer looks by the kernel's name of the device. */
export type StorageObserved = {
  readonly facts: Facts;
  readonly looks: Readonly<Record<string, Answer<Look>>>;
};

/** What a state wants of one device. */
export interface DeviceWish {
  readonly name: string;
  /** As blkid calls it. */
  readonly wanted: string;
  readonly least: number;
  readonly records: HostRecords;
  /** The partition table that a disk shall have; undefined when it does not fit there. */
  readonly table?: (disk: Disk) => TableImage | undefined;
  /** How the id begins of the array that it shall be a member of (`arrayMark`). */
  readonly array?: string;
  /** An array that holds it, is not started, and is stopped before anything is proved: `md127`. */
  readonly idle?: string;
}

/** Reads the answer of facts.sh: the same for every declaration. */
export function observeStorage(
  result: SectionResult,
  declared: readonly unknown[],
): readonly StorageObserved[] {
  const facts = parseFacts(result);
  return declared.map(() => ({ facts, looks: {} }));
}

/** Decides on a device that a state names; while nothing is foreseen yet, without what earlier states promise. */
export function judgeDevice(wish: DeviceWish, observed: StorageObserved, prospect?: Prospect): DeviceVerdict {
  if (!observed.facts.read)
    return { state: 'UNREADABLE', action: { do: 'refuse' }, evidence: [observed.facts.why] };
  const facts = observed.facts.value;
  const named = nameDevice(facts, wish.name);
  const block = named.is === 'device' ? named.device.block : undefined;
  const promised =
    prospect === undefined
      ? undefined
      : promisedDevice(prospect, wish.name, block === undefined ? undefined : { facts, block });
  const look = block === undefined ? undefined : observed.looks[block.name];
  const table = named.is === 'device' ? wish.table?.(named.device) : undefined;
  return decideDevice({
    ...{ facts, named, wanted: wish.wanted, least: wish.least, records: wish.records },
    ...(promised === undefined ? {} : { promised }),
    ...(look === undefined ? {} : { look }),
    ...(table === undefined ? {} : { table }),
    ...(wish.array === undefined ? {} : { array: wish.array }),
    ...(wish.idle === undefined ? {} : { idle: wish.idle }),
  });
}

interface Asked extends KindLook {
  readonly name: string;
  readonly at: number;
}

const TITLES: Readonly<Record<LookFor, string>> = {
  blank: 'is it blank?',
  peek: 'is it ours?',
  fingerprint: 'is it what was approved?',
  finished: 'is it whole?',
};

/** Closer looks at the devices of which the facts do not say enough. @param wishes those of one declaration. */
export function deepenDevices<D>(
  declared: readonly D[],
  observed: readonly StorageObserved[],
  wishes: (declared: D, facts: HostFacts) => readonly DeviceWish[],
): readonly Asked[] {
  return declared.flatMap((each, at) => {
    const seen = observed[at];
    if (seen?.facts.read !== true) return [];
    const facts = seen.facts.value;
    return wishes(each, facts).flatMap((wish) =>
      looksFor(wish, seen, facts).map((look) => ({ ...look, at })),
    );
  });
}

function looksFor(
  wish: DeviceWish,
  seen: StorageObserved,
  facts: HostFacts,
): readonly (KindLook & { readonly name: string })[] {
  const { action, device } = judgeDevice(wish, seen);
  if (action.do !== 'look' || device === undefined) return [];
  const approved = wish.records.approvals.some(({ serial }) => serial === device.serial);
  const wanted = [...new Set([...action.for, ...(approved ? (['fingerprint'] as const) : [])])];
  return [
    {
      name: device.block.name,
      title: `${wish.name}: ${TITLES[wanted[0] ?? 'blank']}`,
      script: lookScript(device, facts, { wanted, filesystem: 'xfs', array: wish.array ?? '' }),
    },
  ];
}

/** Puts the answers of closer looks where they belong. */
export function observeDevicesDeeper<D, O extends StorageObserved>(
  results: readonly SectionResult[],
  declared: readonly D[],
  {
    observed,
    wishes,
  }: {
    readonly observed: readonly O[];
    readonly wishes: (declared: D, facts: HostFacts) => readonly DeviceWish[];
  },
): readonly O[] {
  const asked = deepenDevices(declared, observed, wishes);
  return observed.map((seen, at) => {
    const looks = asked.flatMap((each, i): [string, Answer<Look>][] => {
      if (each.at !== at) return [];
      const result = results[i];
      const why = 'the closer look was not answered';
      return [[each.name, result === undefined ? { read: false, why } : readLook(result)]];
    });
    return { ...seen, looks: { ...seen.looks, ...Object.fromEntries(looks) } };
  });
}
