import type { HostFacts, MarkerFile, Mount } from './facts.ts';
import { fieldsOf, readGpt, signaturesOf } from './content.ts';
import type { Disk } from './identity.ts';
import { readPartLabel, type DiskIds } from './ids.ts';
import { dataPartition } from './layout.ts';
import type { Marker } from './marker.ts';

/** Size and sector size of a disk of which both are known. */
export function geometry({ block }: Disk): { readonly sizeBytes: number; readonly sectorSize: number } {
  return { sizeBytes: block.sizeBytes ?? 0, sectorSize: block.sectorSize ?? 512 };
}

/** Whether the table is ours to the last number. */
export function fitsTable(disk: Disk, ids: DiskIds, label: string): boolean {
  const gpt = readGpt(disk);
  const [only, ...more] = gpt?.partitions ?? [];
  const { sizeBytes, sectorSize } = geometry(disk);
  const { start, size } = dataPartition(sizeBytes);
  return (
    only !== undefined &&
    more.length === 0 &&
    gpt?.id.toLowerCase() === ids.diskGuid &&
    only.uuid.toLowerCase() === ids.partUuid &&
    only.name === label &&
    (label === ids.pendingLabel || label === ids.approvedLabel) &&
    only.start * sectorSize === start &&
    only.size * sectorSize === size
  );
}

/**
 * Where our partition is, in bytes, of a disk that is ready and whose table the kernel has not read: it does not where the first copy is
 * torn, unless it is booted with `gpt` (Linux, block/partitions/efi.c).
 */
export function unreadPartition(
  disk: Disk,
): { readonly offset: number; readonly length: number } | undefined {
  const [only, ...more] = readGpt(disk)?.partitions ?? [];
  if (only === undefined || more.length > 0 || disk.partitions.length > 0) return undefined;
  if (readPartLabel(only.name) !== 'ready') return undefined;
  const { sectorSize } = geometry(disk);
  return { offset: only.start * sectorSize, length: only.size * sectorSize };
}

/**
 * What of a disk is not as its marker says.
 * @param known what the kernel itself has mounted, where scanners cannot say; or what they say of a partition that it does not know.
 */
export function misfits(
  marker: Marker,
  disk: Disk,
  known?: { readonly TYPE: string; readonly UUID: string },
): readonly string[] {
  const { sizeBytes, sectorSize } = geometry(disk);
  const gpt = readGpt(disk);
  const fields: Readonly<Record<string, string>> = known ?? fieldsOf(disk.partitions[0] ?? disk.block);
  const differs = (what: string, marked: string | number, seen: string | number) =>
    marked === seen ? [] : [`its marker is for ${what} ${marked}, and it has ${seen === '' ? 'none' : seen}`];
  return [
    ...differs('serial number', marker.serial, disk.serial),
    ...differs('size', marker.sizeBytes, sizeBytes),
    ...differs('sector size', marker.sectorSize, sectorSize),
    ...differs('disk id', marker.diskGuid.toLowerCase(), gpt?.id.toLowerCase() ?? ''),
    ...differs('partition id', marker.partUuid.toLowerCase(), gpt?.partitions[0]?.uuid.toLowerCase() ?? ''),
    ...differs('file system', marker.fsUuid, fields['UUID'] ?? ''),
    ...differs('file system type', marker.filesystem, fields['TYPE'] ?? ''),
  ];
}

/** Other disks that carry an id of its marker, in words. */
export function copiesOf(disk: Disk, marker: Marker, others: readonly Disk[]): readonly string[] {
  return others
    .filter((other) => other !== disk && sharesIds(other, marker))
    .map(({ serial, block }) => `${serial || block.name} has the same ids: one is a copy of the other`);
}

/** Whether a disk carries an id of this marker. */
export function sharesIds(other: Disk, marker: Marker): boolean {
  const gpt = readGpt(other);
  const uuids = [other.block, ...other.partitions].map(({ content }) =>
    content?.blkid.read === true && content.blkid.value.says === 'content'
      ? content.blkid.value.fields['UUID']
      : undefined,
  );
  return (
    uuids.includes(marker.fsUuid) ||
    (marker.diskGuid !== '' && gpt?.id.toLowerCase() === marker.diskGuid.toLowerCase()) ||
    (marker.partUuid !== '' &&
      gpt?.partitions.some((each) => each.uuid.toLowerCase() === marker.partUuid.toLowerCase()) === true)
  );
}

function ownBlocks({ block, partitions }: Disk) {
  return [block, ...partitions];
}

/** Whether it, or a partition of it, is mounted in our own mount namespace. */
export function isMounted(disk: Disk, facts: HostFacts): boolean {
  return mountPoints(disk, facts).length > 0;
}

/** Where it is mounted, in our own mount namespace. */
export function mountPoints(disk: Disk, facts: HostFacts): readonly string[] {
  return mountsOf(disk, facts).map((mount) => mount.point);
}

function mountsOf(disk: Disk, facts: HostFacts): readonly Mount[] {
  if (!facts.mounts.read) return [];
  const blocks = ownBlocks(disk);
  return facts.mounts.value.filter((mount) =>
    blocks.some(
      (block) => block.number === mount.number || (mount.type === 'btrfs' && block.node === mount.source),
    ),
  );
}

/** What scanners see at once on its file system, in words; undefined when they see one thing, or none. */
export function twofold({ block, partitions: [part = block] }: Disk): string | undefined {
  const blkid = part.content?.blkid;
  if (blkid?.read !== true || blkid.value.says !== 'ambivalent') return undefined;
  return [...new Set(signaturesOf(part).map(({ type }) => type))].join(' and ') || 'two things at once';
}

/** As what the kernel has it mounted, in our own mount namespace. */
export function mountedType(disk: Disk, facts: HostFacts): string | undefined {
  return mountsOf(disk, facts)[0]?.type;
}

/** The marker of its mounted file system. */
export function markerOf(disk: Disk, facts: HostFacts): MarkerFile | undefined {
  if (!facts.markers.read) return undefined;
  const points = mountPoints(disk, facts);
  return facts.markers.value.find((marker) => points.includes(marker.point) && marker.text !== '');
}
