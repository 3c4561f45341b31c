import type { Block, HostFacts } from '../../disks/facts.ts';
import { examinedOf } from '../../disks/decide-member.ts';
import { nameDevice } from '../../disks/named.ts';

/** What blkid calls a member. */
export const MEMBER = 'linux_raid_member';

/** What a declared member is to arrays. */
export interface Member {
  readonly name: string;
  /** Absent while nothing, or more than one, answers to the name. */
  readonly block?: Block;
  /** The array that its superblock names; null: it has none. Absent when that cannot be read. */
  readonly array?: string | null;
  /** How often its array was changed, as the kernel counts; absent when that is not known. */
  readonly events?: number;
}

/** An array of the host that is assembled. */
export interface RunningArray {
  readonly block: Block;
  readonly uuid: string;
  readonly level: string;
  /** How it calls itself: `data`, `other:data`. */
  readonly ownName: string;
  readonly degraded: boolean;
  /** What the kernel does with it in the background, and how far it is: `recovery 21.5 %`; absent when nothing is done. */
  readonly sync?: string;
}

/** What each declared device is a member of, by its own superblock. */
export function readMembers(facts: HostFacts, devices: readonly string[]): readonly Member[] {
  return devices.map((name) => {
    const named = nameDevice(facts, name);
    if (named.is !== 'device') return { name };
    const { block } = named.device;
    const wipefs = block.content?.wipefs;
    const blkid = block.content?.blkid;
    if (wipefs?.read !== true || blkid?.read !== true) return { name, block };
    const isMember =
      wipefs.value.some(({ type }) => type === MEMBER) ||
      (blkid.value.says === 'content' && blkid.value.fields['TYPE'] === MEMBER);
    if (!isMember) return { name, block, array: null };
    const { uuid, events } = examinedOf(facts, block);
    return {
      ...{ name, block },
      ...(uuid === undefined ? {} : { array: uuid }),
      ...(events === undefined ? {} : { events }),
    };
  });
}

/** The arrays that are assembled. */
export function runningArrays(facts: HostFacts): readonly RunningArray[] {
  return facts.blocks.flatMap((block) => {
    if (block.kind !== 'md') return [];
    const uuid = valueOf(facts, `detail:${block.name}`, 'MD_UUID');
    if (uuid === undefined) return [];
    const level = valueOf(facts, `detail:${block.name}`, 'MD_LEVEL') ?? block.md?.level ?? '';
    const ownName = valueOf(facts, `detail:${block.name}`, 'MD_NAME') ?? '';
    const lines = mdstatOf(facts, block.name);
    const sync = syncOf(lines);
    return [
      {
        ...{ block, uuid, level, ownName, degraded: isDegraded(lines) },
        ...(sync === undefined ? {} : { sync }),
      },
    ];
  });
}

function valueOf(facts: HostFacts, record: string, key: string): string | undefined {
  const text = facts.texts[record];
  const line =
    text?.read === true ? text.value.split('\n').find((each) => each.startsWith(`${key}=`)) : undefined;
  return line?.slice(key.length + 1);
}

/** The lines of an array in /proc/mdstat: up to the next empty one. */
function mdstatOf({ texts: { mdstat } }: HostFacts, name: string): readonly string[] {
  if (mdstat?.read !== true) return [];
  const lines = mdstat.value.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`${name} : `));
  if (at < 0) return [];
  const end = lines.findIndex((line, n) => n > at && line.trim() === '');
  return lines.slice(at, end < 0 ? undefined : end);
}

/**
 * `[2/1]`: two are wanted and one works. One that is being rebuilt on a member that is there is not degraded in this sense:
 * a new array of raid5 begins so, and nobody can do anything but wait.
 */
function isDegraded([first = '', second = '', ...more]: readonly string[]): boolean {
  const [, wanted, works] = /\[([0-9]+)\/([0-9]+)\]/.exec(second) ?? [];
  if (wanted === undefined || wanted === works) return false;
  const there = first.split(' ').filter((word) => /^[^ ]+\[[0-9]+\]$/.test(word)).length;
  return !(more.some((line) => line.includes('recovery')) && there >= Number(wanted));
}

/** `[==>…]  recovery = 21.5% (70912/326656) finish=0.1min …`, or `resync=DELAYED`. */
function syncOf(lines: readonly string[]): string | undefined {
  for (const line of lines.slice(2)) {
    const [, what, how] = /(resync|recovery|reshape|check|repair) ?= ?([0-9.]+%|[A-Z]+)/.exec(line) ?? [];
    const [, finish] = / finish=([0-9.]+)min/.exec(line) ?? [];
    if (what === undefined || how === undefined) continue;
    return `${what} ${how.replace('%', ' %')}${finish === undefined ? '' : `, about ${finish} minutes to go`}`;
  }
  return undefined;
}
