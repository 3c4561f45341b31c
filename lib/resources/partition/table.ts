import type { Block, Table, TableEntry } from '../../disks/facts.ts';
import { imageOf, type TableImage } from '../../disks/gpt.ts';
import type { Disk } from '../../disks/identity.ts';
import { tableIds } from '../../disks/ids.ts';
import type { TableDeclared } from './parse.ts';

/** A partition as it shall stand in the table, in sectors. */
export interface Entry {
  readonly name: string;
  readonly start: number;
  readonly size: number;
  readonly type: string;
  readonly uuid: string;
}

/** A table as it shall be. */
export interface WantedTable {
  readonly id: string;
  readonly sectorSize: number;
  readonly entries: readonly Entry[];
}

const MIB = 1 << 20;

/**
 * The table that a declaration means on a disk: from 1 MiB to 1 MiB before the end, on the grid of MiB, with ids that follow from
 * the disk and the names, so that an interrupted run would write the same bytes again. Undefined when it does not fit.
 */
export function wantedTable(
  { partitions, records }: TableDeclared,
  { block, serial }: Disk,
): WantedTable | undefined {
  const sectorSize = block.sectorSize ?? 512;
  const room = Math.floor((block.sizeBytes ?? 0) / MIB) - 2;
  const fixed = partitions.reduce((sum, { mebibytes = 0 }) => sum + mebibytes, 0);
  const left = room - fixed;
  if (left < 0 || (left === 0 && partitions.some(({ mebibytes }) => mebibytes === undefined)))
    return undefined;
  const ids = tableIds({ cluster: records.environment, host: records.host, serial });
  let at = 1;
  const entries = partitions.map(({ name, mebibytes = left, type }): Entry => {
    const start = at;
    at += mebibytes;
    return {
      ...{ name, type, uuid: ids.partition(name) },
      start: (start * MIB) / sectorSize,
      size: (mebibytes * MIB) / sectorSize,
    };
  });
  return { id: ids.table, sectorSize, entries };
}

/** The same for sfdisk. */
export function sfdiskText({ id, entries }: WantedTable): string {
  return [
    'label: gpt',
    `label-id: ${id.toUpperCase()}`,
    'unit: sectors',
    ...entries.map(
      ({ start, size, type, uuid, name }) =>
        `start=${start}, size=${size}, type=${type.toUpperCase()}, uuid=${uuid.toUpperCase()}, name="${name}"`,
    ),
    '',
  ].join('\n');
}

/** What differs between a table and the one that is wanted; nothing when it is that very one. */
export function tableMisfits(wanted: WantedTable, seen: Table): readonly string[] {
  if (seen.label !== 'gpt') return [`its table is ${seen.label}`];
  const names = new Set([
    ...wanted.entries.map(({ name }) => name),
    ...seen.partitions.map(({ name }) => name),
  ]);
  const misfits = [...names].flatMap((name) => {
    const is = seen.partitions.find((each) => each.name === name);
    const shall = wanted.entries.find((each) => each.name === name);
    if (is === undefined) return [`there is no partition "${name}"`];
    if (shall === undefined) return [`there is a partition "${name}" that is not declared`];
    return entryMisfits(shall, is);
  });
  return seen.id.toLowerCase() === wanted.id
    ? misfits
    : [`its table has the id ${seen.id}, not ours`, ...misfits];
}

function entryMisfits(shall: Entry, is: TableEntry): readonly string[] {
  const { name } = shall;
  return [
    ...(is.start === shall.start && is.size === shall.size
      ? []
      : [
          `partition "${name}" is ${is.start}+${is.size} sectors, and ${shall.start}+${shall.size} are declared`,
        ]),
    ...(is.type.toLowerCase() === shall.type ? [] : [`partition "${name}" has the type ${is.type}`]),
    ...(is.uuid.toLowerCase() === shall.uuid ? [] : [`partition "${name}" has the id ${is.uuid}, not ours`]),
  ];
}

/** Under which names a partition can be found, by the names of its disk. */
export function partitionNames(
  disks: readonly string[],
  number: number,
  { name, uuid }: Entry,
): readonly string[] {
  return [
    ...disks.map((disk) => partitionPath(disk, number)),
    `/dev/disk/by-partlabel/${name}`,
    `/dev/disk/by-partuuid/${uuid}`,
    `PARTLABEL=${name}`,
    `PARTUUID=${uuid}`,
  ];
}

/** The path of a partition by that of its disk. */
export function partitionPath(disk: string, number: number): string {
  if (disk.startsWith('/dev/disk/')) return `${disk}-part${number}`;
  return `${disk}${/[0-9]$/.test(disk) ? 'p' : ''}${number}`;
}

/**
 * Which entries the kernel does not know, by their numbers; undefined where it knows one that the table does not have, or has
 * otherwise.
 */
export function unknownEntries(
  { entries, sectorSize }: WantedTable,
  known: readonly Block[],
): readonly number[] | undefined {
  const factor = sectorSize / 512;
  const agrees = ({ partition }: Block): boolean => {
    const entry = entries[(partition?.number ?? 0) - 1];
    return (
      entry !== undefined &&
      partition?.start === entry.start * factor &&
      partition.size === entry.size * factor
    );
  };
  if (!known.every(agrees)) return undefined;
  const numbers = known.map(({ partition }) => partition?.number);
  return entries.flatMap((_, i) => (numbers.includes(i + 1) ? [] : [i + 1]));
}

/** What sfdisk writes of it. */
export function imageOfTable({ id, sectorSize, entries }: WantedTable, { block }: Disk): TableImage {
  return imageOf({ sizeBytes: block.sizeBytes ?? 0, sectorSize, diskGuid: id, entries });
}
