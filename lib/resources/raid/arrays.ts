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
    return [{ block, uuid, level, ownName, degraded: isDegraded(facts, block.name) }];
  });
}

function valueOf(facts: HostFacts, record: string, key: string): string | undefined {
  const text = facts.texts[record];
  const line =
    text?.read === true ? text.value.split('\n').find((each) => each.startsWith(`${key}=`)) : undefined;
  return line?.slice(key.length + 1);
}

/** `[2/1]` in /proc/mdstat: two are wanted and one works. */
function isDegraded(facts: HostFacts, name: string): boolean {
  const mdstat = facts.texts['mdstat'];
  if (mdstat?.read !== true) return false;
  const lines = mdstat.value.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`${name} : `));
  const [, wanted, works] = /\[([0-9]+)\/([0-9]+)\]/.exec(at < 0 ? '' : (lines[at + 1] ?? '')) ?? [];
  return wanted !== undefined && wanted !== works;
}
