import { createHash } from 'node:crypto';
import type { Script } from '../model/script.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts } from '../shell/sh.ts';
import { readGpt } from './content.ts';
import type { HostFacts } from './facts.ts';
import { EDGE } from './gpt.ts';
import type { Disk } from './identity.ts';
import type { DiskIds } from './ids.ts';
import { dataPartition, type FileSystem } from './layout.ts';
import type { Marker } from './marker.ts';
import type { Edge, Look } from './read-look.ts';
import {
  bytesScript,
  deviceScript,
  expectation,
  fingerprintScript,
  SAMPLES,
  wordsOf,
  type Words,
} from './scripts.ts';
import { tableCopiesScript } from './table-copies.ts';
import type { FormatMode, TableCopy } from './verdict.ts';

const block = scriptFile(import.meta.url, './block.sh');
const format = scriptFile(import.meta.url, './format.sh');
const mount = scriptFile(import.meta.url, './mount.sh');
const adopt = scriptFile(import.meta.url, './adopt.sh');
const mendTable = scriptFile(import.meta.url, './mend-table.sh');
const ownPartition = scriptFile(import.meta.url, './own.sh');

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
    ...[deviceScript, bytesScript, fingerprintScript, ownPartition.text, block.text],
    format([mode, ...words], order.marker),
  ]);
}

function edgeHash(edge: Edge | undefined): string {
  const content = edge?.state === 'bytes' ? Buffer.from(edge.base64, 'base64') : Buffer.alloc(EDGE);
  return createHash('sha256').update(content).digest('hex');
}

/** The table of a disk that is ready: its ids by the marker, its only partition as the plan saw it. */
function readyTable(disk: Disk, { diskGuid, partUuid }: Marker): Words {
  const [part] = readGpt(disk)?.partitions ?? [];
  const { name = '', start = '', size = '' } = part ?? {};
  return { guid: diskGuid, partuuid: partUuid, ready: name, start, sectors: size };
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
  const words = wordsOf({
    ...expectation(disk, host),
    ...readyTable(disk, marker),
    ...{ fs: marker.filesystem, fsuuid: marker.fsUuid, point },
  });
  return joinScripts([
    ...[deviceScript, ownPartition.text, block.text],
    adopt(words, `${markerText.trimEnd()}\nslab-marker\n${newMarker.trimEnd()}`),
  ]);
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
    ...[deviceScript, ownPartition.text, block.text],
    mount([order.mode, ...words], `${order.marker.trimEnd()}\nslab-unit\n${order.unit?.text ?? ''}`),
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

/** Writes the damaged copy of the table of a disk of ours anew from the other one, while it is mounted. */
export function mendTableScript(
  disk: Disk,
  host: HostFacts,
  { damaged, marker, markerText, point }: MendOrder,
): Script {
  const words = wordsOf({ ...expectation(disk, host), ...readyTable(disk, marker), point, damaged });
  return joinScripts([
    ...[deviceScript, ownPartition.text, block.text, tableCopiesScript],
    mendTable(words, markerText.trimEnd()),
  ]);
}

/** Keeps everybody from writing into the directory where a disk is missing. */
export function blockScript(point: string): Script {
  return joinScripts([deviceScript, block.text, mount(['block', `point=${point}`], '\nslab-unit\n')]);
}
