import { examinedOf } from '../../disks/decide-member.ts';
import { fieldsOf, signaturesOf } from '../../disks/content.ts';
import type { Block, HostFacts } from '../../disks/facts.ts';
import { arrayMark } from '../../disks/ids.ts';
import { nameDevice, namesOf } from '../../disks/named.ts';
import { MEMBER, runningArrays } from './arrays.ts';
import type { RaidDeclared } from './parse.ts';

/** An array that runs, or a device that says it is a member of one. */
interface Remnant {
  /** The best name of it. */
  readonly name: string;
  readonly uuid: string;
  /** How it calls itself: `data`, `any:data`. */
  readonly ownName: string;
}

/** What is left of an array that shall not be. */
export interface Remains {
  readonly arrays: readonly Remnant[];
  /** Members that take no part in any of these arrays. */
  readonly members: readonly (Remnant & { readonly block: Block })[];
  /** Members of which nobody can say of what array. */
  readonly unread: readonly string[];
}

/** How the id of a declared array begins when slab made it, or began to. */
export function markOf({ name, records }: Pick<RaidDeclared, 'name' | 'records'>): string {
  return arrayMark({ cluster: records.environment, host: records.host }, name);
}

/**
 * What is there of an array: what has its name, and whatever would get that name when it is put together. A member says by its
 * id that slab made its array under the name, or how its array is called. An array of another host may be called the same:
 * it is found as well, and stays like any other thing that nobody gave up.
 */
export function findRemains(declared: RaidDeclared, facts: HostFacts): Remains {
  const { name } = declared;
  const mark = markOf(declared);
  const bare = name.replace(/^\/dev\/(md\/)?/, '');
  // `mdadm --create /dev/md0` calls it "0".
  const called = new Set([bare, bare.replace(/^md(?=[0-9])/, '')]);
  const isMeant = ({ uuid, ownName }: Pick<Remnant, 'uuid' | 'ownName'>): boolean =>
    hexOf(uuid).startsWith(mark) ||
    [ownName, ownName.replace(/^[^:]*:/, '')].some((each) => called.has(each));

  const named = nameDevice(facts, name);
  const running = runningArrays(facts);
  const own = named.is === 'device' ? named.device.block.name : '';
  const others = running.filter((each) => each.block.name !== own && isMeant(each));
  const itself = running.find(({ block }) => block.name === own);
  const arrays: Remnant[] = [
    ...(named.is === 'missing' ? [] : [{ name, uuid: itself?.uuid ?? '', ownName: itself?.ownName ?? '' }]),
    ...others.map(({ block, uuid, ownName }) => ({ name: block.node, uuid, ownName })),
  ];
  const taken = new Set([own, ...others.map(({ block }) => block.name)]);
  const ids = new Set(arrays.flatMap(({ uuid }) => (uuid === '' ? [] : [hexOf(uuid)])));

  const idle = facts.blocks.filter(
    (block) =>
      isMember(block) && !isPath(block, facts) && block.holders?.some((each) => taken.has(each)) !== true,
  );
  const found = idle.map((block) => ({
    ...{ block, name: lastingName(facts, block), ...sayingOf(facts, block) },
  }));
  return {
    arrays,
    members: found.filter((each) => isMeant(each) || (each.uuid !== '' && ids.has(hexOf(each.uuid)))),
    unread: found.flatMap((each) => (each.uuid === '' && each.ownName === '' ? [each.name] : [])),
  };
}

/** A name that stays with the disk, for whoever has to find it. */
function lastingName(facts: HostFacts, block: Block): string {
  const names = namesOf(facts, block);
  const below = (folder: string): string | undefined =>
    names.find((each) => each.startsWith(`/dev/disk/${folder}/`));
  return below('by-id') ?? below('by-path') ?? block.node;
}

function isMember(block: Block): boolean {
  return fieldsOf(block)['TYPE'] === MEMBER || signaturesOf(block).some(({ type }) => type === MEMBER);
}

/** One of several ways to a disk: what is above them is that disk. */
function isPath({ holders }: Block, { blocks }: HostFacts): boolean {
  return blocks.some(
    ({ name, dm }) => dm?.uuid.startsWith('mpath-') === true && holders?.includes(name) === true,
  );
}

/** Its array, as mdadm reads its superblock, and where that did not answer as blkid does. */
function sayingOf(facts: HostFacts, block: Block): { readonly uuid: string; readonly ownName: string } {
  const { uuid, ownName } = examinedOf(facts, block);
  const fields = fieldsOf(block);
  const seen = fields['TYPE'] === MEMBER ? fields : {};
  return { uuid: uuid ?? seen['UUID'] ?? '', ownName: ownName ?? seen['LABEL'] ?? '' };
}

/** mdadm parts the digits of an id by colons, and blkid by hyphens. */
function hexOf(uuid: string): string {
  return uuid.replace(/[:-]/g, '');
}
