import type { Block, HostFacts } from './facts.ts';

/** One disk of a host, by what it is and not by what the kernel calls it. */
export type Disk = {
  /** Empty when it has none. */
  readonly serial: string;
  readonly wwn: string;
  /** Its by-path name, empty when there is none. */
  readonly slot: string;
  /** What is acted on: the disk itself, or the multipath node above its paths. */
  readonly block: Block;
  /** The kernel's names of all devices that are this disk. */
  readonly paths: readonly string[];
  readonly partitions: readonly Block[];
  /** Why nobody can say which device it is. */
  readonly ambiguous?: string;
};

/**
 * The disks of a host. Two devices with one WWN are two paths to one disk: they are one disk only through a multipath node that
 * holds them all; two devices with one serial number and no such bond are ambiguous, and both are left alone.
 */
export function listDisks(facts: HostFacts): readonly Disk[] {
  const candidates = facts.blocks.filter((block) => isDisk(block) && block.hidden !== true);
  const groups = new Map<string, Block[]>();
  for (const block of candidates) {
    const key =
      block.wwn === null
        ? `serial ${block.serial ?? ''} of ${block.serial === null ? block.name : ''}`
        : `wwn ${block.wwn}`;
    groups.set(key, [...(groups.get(key) ?? []), block]);
  }
  const disks = [...groups.values()].flatMap((blocks) => disksOf(blocks, facts));
  const bySerial = new Map<string, number>();
  for (const { serial } of disks) bySerial.set(serial, (bySerial.get(serial) ?? 0) + 1);
  return disks.map((disk) =>
    disk.serial !== '' && (bySerial.get(disk.serial) ?? 0) > 1 && disk.ambiguous === undefined
      ? {
          ...disk,
          ambiguous: twoAnswer(
            disk.serial,
            disks.filter((each) => each.serial === disk.serial).flatMap((each) => each.paths),
          ),
        }
      : disk,
  );
}

/** A loop device counts where something gave it a serial number, as udev does for a disk: a lab's. */
function isDisk(block: Block): boolean {
  return block.kind === 'disk' || (block.kind === 'loop' && block.serial !== null);
}

function disksOf(blocks: readonly Block[], facts: HostFacts): readonly Disk[] {
  const [first, ...more] = blocks;
  if (first === undefined) return [];
  const names = blocks.map((block) => block.name);
  const multipath = facts.blocks.find(
    (block) =>
      block.dm?.uuid.startsWith('mpath-') === true && names.some((name) => block.slaves?.includes(name)),
  );
  if (multipath !== undefined) {
    const all = names.every((name) => multipath.slaves?.includes(name));
    return [
      {
        ...diskOf({ ...multipath, serial: first.serial, wwn: first.wwn }, names, facts),
        ...(all
          ? {}
          : {
              ambiguous: `${multipath.dm?.name ?? multipath.name} does not hold all paths: ${names.join(', ')}`,
            }),
      },
    ];
  }
  if (more.length === 0) return [diskOf(first, names, facts)];
  const why =
    first.wwn === null
      ? twoAnswer(first.serial ?? '', names)
      : `${names.join(' and ')} are ${names.length} paths to one disk (${first.wwn}), and there is no multipath device above them`;
  return blocks.map((block) => ({ ...diskOf(block, [block.name], facts), ambiguous: why }));
}

function diskOf(block: Block, paths: readonly string[], facts: HostFacts): Disk {
  return {
    serial: block.serial ?? '',
    wwn: block.wwn ?? '',
    slot: block.slots[0] ?? '',
    block,
    paths,
    partitions: facts.blocks.filter(
      (each) =>
        each.parent === block.name ||
        (block.kind === 'dm' &&
          each.kind === 'dm' &&
          each.dm?.uuid.startsWith('part') === true &&
          each.slaves?.includes(block.name) === true),
    ),
  };
}

function twoAnswer(serial: string, names: readonly string[]): string {
  return `${names.length} devices answer to serial ${serial} (${names.join(', ')}); give each a serial of its own, or name them by path and size`;
}

/** Which disks a declaration means. Explicit names first; the rest then are demands on the disk, else they are a class. */
export interface Selector {
  readonly serials?: readonly string[];
  readonly wwn?: readonly string[];
  readonly slots?: readonly string[];
  /** In bytes, both ends included. */
  readonly size?: { readonly min: number; readonly max: number };
  readonly rotational?: boolean;
  readonly model?: string;
  readonly transport?: string;
}

/** A disk that a declaration means, and what speaks against it. */
export type Selected = {
  readonly disk: Disk;
  /** Demands that it does not meet; a class has only disks that meet all. */
  readonly unsuitable: readonly string[];
};

/** What a declaration means on a host, and the names that nothing answers to. */
export interface Selection {
  readonly disks: readonly Selected[];
  readonly missing: readonly { readonly kind: 'serial' | 'wwn' | 'slot'; readonly name: string }[];
}

/** Picks the disks that a declaration means. Names are compared whole. */
export function selectDisks(disks: readonly Disk[], selector: Selector): Selection {
  const { serials = [], wwn = [], slots = [] } = selector;
  const names = [
    ...serials.map((name) => ({ kind: 'serial' as const, name })),
    ...wwn.map((name) => ({ kind: 'wwn' as const, name })),
    ...slots.map((name) => ({ kind: 'slot' as const, name })),
  ];
  const is = (disk: Disk, { kind, name }: (typeof names)[number]): boolean =>
    kind === 'serial'
      ? disk.serial === name
      : kind === 'wwn'
        ? disk.wwn === name
        : disk.block.slots.includes(name);
  if (names.length > 0) {
    const found = disks.filter((disk) => names.some((name) => is(disk, name)));
    return {
      disks: found.map((disk) => ({ disk, unsuitable: unmet(disk, selector) })),
      missing: names.filter((name) => !found.some((disk) => is(disk, name))),
    };
  }
  return {
    disks: disks
      .filter((disk) => isUsual(disk.block) && unmet(disk, selector).length === 0)
      .map((disk) => ({ disk, unsuitable: [] })),
    missing: [],
  };
}

/** A class never means what comes and goes, nor what has no node on this host: containers see disks of their machine. */
function isUsual(block: Block): boolean {
  return (
    block.removable === false &&
    block.transport !== 'usb' &&
    block.nodeNumber !== null &&
    block.sizeBytes !== 0
  );
}

function unmet({ block }: Disk, { size, rotational, model, transport }: Selector): readonly string[] {
  const { sizeBytes } = block;
  return [
    ...(size === undefined || (sizeBytes !== null && sizeBytes >= size.min && sizeBytes <= size.max)
      ? []
      : [`its size is ${sizeBytes ?? 'unknown'} bytes, not ${size.min} to ${size.max}`]),
    ...(rotational === undefined || block.rotational === rotational
      ? []
      : [rotational ? 'it does not rotate' : 'it rotates']),
    ...(model === undefined || block.model === model
      ? []
      : [`its model is "${block.model}", not "${model}"`]),
    ...(transport === undefined || block.transport === transport
      ? []
      : [`it is connected by ${block.transport || 'something unknown'}, not ${transport}`]),
  ];
}
