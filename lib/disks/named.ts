import type { Block, HostFacts, TableEntry } from './facts.ts';
import { listDisks, type Disk } from './identity.ts';

/** What a name of one block device means on a host. */
export type Named =
  | { readonly is: 'device'; readonly device: Disk; readonly note?: string }
  | { readonly is: 'missing' | 'ambiguous'; readonly why: string };

/** Ways to say a device by what is on it; blkid's and sfdisk's words for it. */
const TAG = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.+)$/;

/**
 * The one device that a state names: a path (by-id, by-path, mapper, volume group, array, the kernel's own), or `UUID=`,
 * `LABEL=`, `PARTUUID=`, `PARTLABEL=`. Tags are looked up in what scanners see, not in links, of which udev keeps one when
 * two devices answer.
 */
export function nameDevice(facts: HostFacts, name: string): Named {
  const [, tag, value = ''] = TAG.exec(name) ?? [];
  const found = tag === undefined ? byPath(facts, name) : byTag(facts, tag, value.replace(/^"(.*)"$/, '$1'));
  const [block, ...more] = topmost(found, facts);
  if (block === undefined) return { is: 'missing', why: `there is no block device ${name}` };
  if (more.length > 0 && !isOneBtrfs([block, ...more]))
    return {
      is: 'ambiguous',
      why: `${more.length + 1} devices answer to ${name} (${[block, ...more].map((each) => each.name).join(', ')})`,
    };
  const device = deviceOf(facts, block);
  if (device.ambiguous !== undefined) return { is: 'ambiguous', why: device.ambiguous };
  const note = kernelNameNote(device, name);
  return { is: 'device', device, ...(note === undefined ? {} : { note }) };
}

/** A block device with what its disk knows for it: a partition has no incarnation and no serial number of its own. */
export function deviceOf(facts: HostFacts, block: Block): Disk {
  const whole = listDisks(facts).find((disk) => disk.block.name === block.name);
  if (whole !== undefined) return whole;
  const { parent } = block;
  const of = facts.blocks.find((each) => each.name === parent);
  const disk = listDisks(facts).find((each) => each.block.name === parent);
  const serial =
    parent === null
      ? ownKey(facts, block)
      : of?.serial == null
        ? ''
        : `${of.serial}-part${partNumber(block)}`;
  return {
    serial,
    wwn: '',
    slot: '',
    block:
      of === undefined
        ? block
        : { ...block, diskseq: of.diskseq, sectorSize: of.sectorSize, hidden: of.hidden, queue: of.queue },
    paths: [block.name],
    partitions: facts.blocks.filter((each) => each.parent === block.name),
    ...(disk?.ambiguous === undefined ? {} : { ambiguous: disk.ambiguous }),
  };
}

function partNumber({ partition }: Block): number {
  return partition?.number ?? 0;
}

/** What a mapped device or an array calls itself in its own metadata. */
function ownKey(facts: HostFacts, block: Block): string {
  if (block.dm !== null) return block.dm.uuid;
  if (block.kind !== 'md') return block.serial ?? '';
  const detail = facts.texts[`detail:${block.name}`];
  const uuid = detail?.read === true ? /^MD_UUID=(\S+)$/m.exec(detail.value)?.[1] : undefined;
  return uuid === undefined ? '' : `md-${uuid}`;
}

/** Every path that means this device, the best one first. */
export function namesOf(facts: HostFacts, block: Block): readonly string[] {
  const links = Object.entries(facts.links).flatMap(([name, target]) =>
    target === block.name ? [name] : [],
  );
  const dm = block.dm === null ? [] : [...lvNames(block.dm), `/dev/mapper/${block.dm.name}`];
  const rank = (name: string): number =>
    ['/dev/disk/by-id/', '/dev/disk/by-path/', '/dev/disk/'].findIndex((start) => name.startsWith(start));
  return [...new Set([...dm, ...links.sort((a, b) => rank(b) - rank(a)), block.node])];
}

/** `/dev/VG/LV` of a logical volume: the mapper doubles hyphens that are part of a name. */
function lvNames({ name, uuid }: NonNullable<Block['dm']>): readonly string[] {
  if (!uuid.startsWith('LVM-')) return [];
  const [, group, volume] = /^((?:[^-]|--)+)-((?:[^-]|--)+)$/.exec(name) ?? [];
  return group === undefined || volume === undefined
    ? []
    : [`/dev/${group.replaceAll('--', '-')}/${volume.replaceAll('--', '-')}`];
}

function byPath(facts: HostFacts, path: string): readonly Block[] {
  const linked = facts.links[path];
  return facts.blocks.filter(
    (block) =>
      block.node === path ||
      block.name === linked ||
      (block.dm !== null && namesOf(facts, block).includes(path)),
  );
}

function byTag(facts: HostFacts, tag: string, value: string): readonly Block[] {
  const same = (text: string | undefined): boolean =>
    tag.endsWith('UUID') ? text?.toLowerCase() === value.toLowerCase() : text === value;
  return facts.blocks.filter((block) => {
    if (tag.startsWith('PART')) {
      const entry = entryOf(facts, block);
      return entry !== undefined && same(tag === 'PARTUUID' ? entry.uuid : entry.name);
    }
    const blkid = block.content?.blkid;
    return blkid?.read === true && blkid.value.says === 'content' && same(blkid.value.fields[tag]);
  });
}

/** A partition's line in the table of its disk. */
export function entryOf(facts: HostFacts, { partition, parent }: Block): TableEntry | undefined {
  const of = facts.blocks.find((each) => each.name === parent);
  const table = of?.content?.table;
  if (partition === null || of === undefined || table?.read !== true) return undefined;
  const factor = (of.sectorSize ?? 512) / 512;
  return table.value?.partitions.find((entry) => entry.start * factor === partition.start);
}

/** Without those that are part of another one of them: paths below a multipath device, members below an array. */
function topmost(blocks: readonly Block[], facts: HostFacts): readonly Block[] {
  const isBelow = (block: Block, other: Block): boolean =>
    (other.slaves ?? []).some((name) => {
      const slave = facts.blocks.find((each) => each.name === name);
      return name === block.name || (slave !== undefined && isBelow(block, slave));
    });
  return blocks.filter((block) => !blocks.some((other) => other !== block && isBelow(block, other)));
}

/** The devices of one btrfs have one UUID, and each one of its own beside. */
function isOneBtrfs(blocks: readonly Block[]): boolean {
  const parts = blocks.map(({ content }) => {
    const fields =
      content?.blkid.read === true && content.blkid.value.says === 'content'
        ? content.blkid.value.fields
        : {};
    return fields['TYPE'] === 'btrfs' ? fields['UUID_SUB'] : undefined;
  });
  return parts.every((part) => part !== undefined) && new Set(parts).size === parts.length;
}

/** The kernel gives its names in the order in which disks answer: a hint at a name that stays. */
function kernelNameNote({ block, serial }: Disk, name: string): string | undefined {
  if (name !== block.node || !['disk', 'partition'].includes(block.kind)) return undefined;
  const [id] = [...block.ids]
    .sort((a, b) => Number(b.startsWith('wwn-')) - Number(a.startsWith('wwn-')))
    .reverse();
  return `${name} is what the kernel calls ${serial === '' ? 'a disk without a serial number' : `disk ${serial}`} in this boot, and may be another disk in the next${
    id === undefined ? '' : `: /dev/disk/by-id/${id} stays`
  }`;
}
