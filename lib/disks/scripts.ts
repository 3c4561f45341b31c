import { createHash } from 'node:crypto';
import type { Script } from '../model/script.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts } from '../shell/sh.ts';
import type { FormatMode, LookFor, TableCopy } from './verdict.ts';
import { readGpt } from './content.ts';
import type { HostFacts } from './facts.ts';
import { EDGE } from './gpt.ts';
import type { Disk } from './identity.ts';
import type { DiskIds } from './ids.ts';
import { dataPartition, type FileSystem } from './layout.ts';
import type { Marker } from './marker.ts';
import type { Edge, Look } from './read-look.ts';

const facts = scriptFile(import.meta.url, './facts.sh');
const device = scriptFile(import.meta.url, './device.sh');
const bytes = scriptFile(import.meta.url, './bytes.sh');
const fingerprint = scriptFile(import.meta.url, './fingerprint.sh');
const block = scriptFile(import.meta.url, './block.sh');
const ownPartition = scriptFile(import.meta.url, './own.sh');
const look = scriptFile(import.meta.url, './look.sh');
const undo = scriptFile(import.meta.url, './undo.sh');
const format = scriptFile(import.meta.url, './format.sh');
const mount = scriptFile(import.meta.url, './mount.sh');
const adopt = scriptFile(import.meta.url, './adopt.sh');
const mendTable = scriptFile(import.meta.url, './mend-table.sh');

/** Functions about one device: who it is, whether it is free. */
export const deviceScript: Script = device.text;

/** The storage facts of a host: one constant text, whoever asks. */
export const factsScript: Script = facts([]);

/** How many random places a sampled proof reads: data on 0.1 % of a disk is missed with 1.7 %, on 1 % practically never. */
const SAMPLES = 4096;

/** What a script is told, by key. */
export type Words = Readonly<Record<string, string | number>>;

/** Words as a script takes them: `key=value`. */
export function wordsOf(words: Words): readonly string[] {
  return Object.entries(words).map(([key, value]) => `${key}=${value}`);
}

/** What every script about one disk is told of it, and refuses to go on without. */
export function expectation(disk: Disk, host: HostFacts): Words {
  const { block } = disk;
  return {
    name: block.name,
    number: block.number,
    diskseq: block.diskseq ?? '',
    boot: host.bootId.read ? host.bootId.value : '',
    size: block.sizeBytes ?? '',
    sector: block.sectorSize ?? '',
    serial: disk.serial,
    ...(block.partition === null ? {} : { begin: block.partition.start }),
  };
}

/** A closer look at one disk. Only reads. */
export function lookScript(
  disk: Disk,
  host: HostFacts,
  {
    wanted,
    filesystem,
    samples = SAMPLES,
  }: { wanted: readonly LookFor[]; filesystem: FileSystem; samples?: number },
): Script {
  const part = disk.partitions[0] ?? disk.block;
  const blkid = part.content?.blkid;
  const type =
    blkid?.read === true && blkid.value.says === 'content' ? blkid.value.fields['TYPE'] : undefined;
  const words = wordsOf({
    ...expectation(disk, host),
    samples,
    part: part.name,
    partnumber: part.number,
    fs: type ?? filesystem,
  });
  return joinScripts([device.text, bytes.text, fingerprint.text, look([wanted.join(','), ...words])]);
}

/** A range of a disk's bytes. */
interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** What a fingerprint covers besides tables and signatures, and so what is kept before a destruction: 16 MiB at each end. */
export function endsOf(disk: Disk): readonly ByteRange[] {
  const size = disk.block.sizeBytes ?? 0;
  const most = 16 * 2 ** 20;
  const length = size < 2 * most ? Math.floor(size / 2 / 4096) * 4096 : most;
  const last = Math.floor((size - length) / 4096) * 4096;
  return [
    { offset: 0, length },
    { offset: last, length: size - last },
  ];
}

/** Copies a range of a disk: its bytes, compressed by gzip. Only reads. */
export function copyScript(disk: Disk, host: HostFacts, { offset, length }: ByteRange): Script {
  const words = [String(offset), String(length), ...wordsOf(expectation(disk, host))];
  return joinScripts([device.text, bytes.text, undo(words)]);
}

/** What a format is told. */
export interface FormatOrder {
  readonly mode: FormatMode;
  readonly ids: DiskIds;
  readonly filesystem: FileSystem;
  /** The text of the marker. */
  readonly marker: string;
  readonly samples?: number;
  /** Read every byte before. */
  readonly full: boolean;
  /** What the plan's look saw of both ends; for `partial`. */
  readonly look?: Look;
  readonly fingerprint?: string;
  /** Where it will be mounted: nobody writes there until it is. */
  readonly point: string;
  /** Of the root of the file system; empty leaves it to mkfs. */
  readonly owner: string;
  readonly mode4: string;
}

/** Makes a disk ours, from whatever state the plan saw it in. */
export function formatScript(disk: Disk, host: HostFacts, order: FormatOrder): Script {
  const { ids, mode, filesystem, samples = SAMPLES } = order;
  const { start, size } = dataPartition(disk.block.sizeBytes ?? 0);
  const sector = disk.block.sectorSize ?? 512;
  const words = wordsOf({
    ...expectation(disk, host),
    ...{
      guid: ids.diskGuid,
      partuuid: ids.partUuid,
      fs: filesystem,
      fsuuid: ids.fsUuid,
      fslabel: ids.fsLabel,
    },
    ...{ pending: ids.pendingLabel, approved: ids.approvedLabel, ready: ids.readyLabel },
    ...{ start: start / sector, sectors: size / sector, samples, full: order.full ? 'yes' : '' },
    ...{
      head: edgeHash(order.look?.head),
      tail: edgeHash(order.look?.tail),
      agreed: order.fingerprint ?? '',
    },
    ...{ point: order.point, owner: order.owner, perm: order.mode4 },
  });
  return joinScripts([
    ...[device, bytes, fingerprint, ownPartition, block].map((file) => file.text),
    format([mode, ...words], order.marker),
  ]);
}

function edgeHash(edge: Edge | undefined): string {
  const content = edge?.state === 'bytes' ? Buffer.from(edge.base64, 'base64') : Buffer.alloc(EDGE);
  return createHash('sha256').update(content).digest('hex');
}

/** What the adoption of a disk is told. */
export interface AdoptOrder {
  /** The marker that is there. */
  readonly marker: Marker;
  readonly markerText: string;
  readonly newMarker: string;
  /** Where it will be mounted: nobody writes there until it is. */
  readonly point: string;
}

/** Makes a ready disk of somebody else ours, with what is on it. */
export function adoptScript(disk: Disk, host: HostFacts, order: AdoptOrder): Script {
  const { marker, markerText, newMarker, point } = order;
  const [part] = readGpt(disk)?.partitions ?? [];
  const words = wordsOf({
    ...expectation(disk, host),
    ...{ guid: marker.diskGuid, partuuid: marker.partUuid, ready: part?.name ?? '' },
    ...{ start: part?.start ?? '', sectors: part?.size ?? '' },
    ...{ fs: marker.filesystem, fsuuid: marker.fsUuid, point },
  });
  return joinScripts([
    ...[device, ownPartition, block].map((file) => file.text),
    adopt(words, `${markerText.trimEnd()}\nslab-marker\n${newMarker.trimEnd()}`),
  ]);
}

/** What the mending of a table is told. */
interface MendOrder {
  readonly damaged: TableCopy;
  readonly marker: Marker;
  readonly markerText: string;
  /** Where it is mounted. */
  readonly point: string;
}

/** What a mount is told. */
export interface MountOrder {
  /** `mount` it, change options of what is mounted, or owner, mode and unit alone. */
  readonly mode: 'mount' | 'remount' | 'own';
  readonly partUuid: string;
  readonly filesystem: FileSystem;
  readonly fsUuid: string;
  readonly point: string;
  readonly options: readonly string[];
  readonly owner: string;
  readonly mode4: string;
  /** The marker as the plan saw it, or as the format before writes it. */
  readonly marker: string;
  readonly unit?: { readonly path: string; readonly text: string };
  /** The copy of its superblock, in KiB, from which the first one is mended before. */
  readonly copy?: number;
}

/** Mounts a disk of ours over a blocker. */
export function mountScript(disk: Disk, host: HostFacts, order: MountOrder): Script {
  const words = wordsOf({
    ...expectation(disk, host),
    ...{ partuuid: order.partUuid, fs: order.filesystem, fsuuid: order.fsUuid, point: order.point },
    ...{
      options: order.options.join(','),
      owner: order.owner,
      perm: order.mode4,
      unit: order.unit?.path ?? '',
      copy: order.copy ?? '',
    },
  });
  return joinScripts([
    device.text,
    ownPartition.text,
    block.text,
    mount([order.mode, ...words], `${order.marker.trimEnd()}\nslab-unit\n${order.unit?.text ?? ''}`),
  ]);
}

/** Writes the damaged copy of the table of a disk of ours anew from the other one, while it is mounted. */
export function mendTableScript(
  disk: Disk,
  host: HostFacts,
  { damaged, marker, markerText, point }: MendOrder,
): Script {
  const [part] = readGpt(disk)?.partitions ?? [];
  const words = wordsOf({
    ...expectation(disk, host),
    ...{ guid: marker.diskGuid, partuuid: marker.partUuid, ready: part?.name ?? '' },
    ...{ start: part?.start ?? '', sectors: part?.size ?? '', point, damaged },
  });
  return joinScripts([
    ...[device, ownPartition, block].map((file) => file.text),
    mendTable(words, markerText.trimEnd()),
  ]);
}

/** Keeps everybody from writing into the directory where a disk is missing. */
export function blockScript(point: string): Script {
  return joinScripts([device.text, block.text, mount(['block', `point=${point}`], '\nslab-unit\n')]);
}
