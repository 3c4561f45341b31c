import { describeContent } from '../disks/content.ts';
import type { Disk } from '../disks/identity.ts';
import { findUsers } from '../disks/users.ts';
import type { DiskView } from '../model/disk-view.ts';
import type { Json } from '../model/json.ts';
import type { DiskWord } from '../model/records.ts';
import type { DiskFile, Kept } from '../project/disk-file.ts';
import type { StyleOptions } from '../reporters/style.ts';
import { renderTable } from '../reporters/table.ts';
import type { HostDisks } from './host-disks.ts';

interface Row {
  readonly slot: string;
  readonly serial: string;
  readonly sizeBytes: number;
  readonly model: string;
  readonly state: string;
  readonly mount: string;
  readonly words: readonly string[];
}

/** The disks of a host, one a line; disks that no state means stand behind those that one does. */
export function diskTable(seen: HostDisks, style: StyleOptions): string {
  const rows = rowsOf(seen);
  if (rows.length === 0) return `${seen.host}: no disks\n`;
  const cells = rows.map((row) => [
    row.slot || '–',
    row.serial || '–',
    sizeText(row.sizeBytes),
    row.model || '–',
    row.state,
    [row.mount, ...row.words].filter((word) => word !== '').join('; '),
  ]);
  return `${seen.host}\n${renderTable(['slot', 'serial', 'size', 'model', 'state', 'what'], cells, style)}`;
}

/** The same as JSON. */
export function diskJson(seen: HostDisks): Json {
  return { host: seen.host, disks: rowsOf(seen).map((row) => ({ ...row })) };
}

function rowsOf({ disks, facts, views }: HostDisks): readonly Row[] {
  const meant = views.map((view) => ({
    ...view,
    model: disks.find((disk) => disk.serial === view.serial)?.block.model ?? '',
  }));
  const others = disks.filter(
    (disk) => disk.serial === '' || !views.some((view) => view.serial === disk.serial),
  );
  return [
    ...meant,
    ...others.map((disk) => {
      const users = findUsers(disk, facts, () => false);
      return {
        ...{
          slot: disk.slot,
          serial: disk.serial,
          sizeBytes: disk.block.sizeBytes ?? 0,
          model: disk.block.model,
        },
        ...{ state: '–', mount: '' },
        words: [
          `${disk.block.name}: no state means it`,
          ...(disk.ambiguous === undefined ? [] : [disk.ambiguous]),
          ...(users.known ? users.users : [users.why]),
          ...describeContent(disk),
        ],
      };
    }),
  ];
}

/** What else is to be said of one disk. */
export interface DiskMore {
  readonly fingerprint: string;
  readonly file: DiskFile | undefined;
  readonly advice: readonly string[];
}

/** Everything about one disk. */
export function diskDetails(seen: HostDisks, disk: Disk, { fingerprint, file, advice }: DiskMore): string {
  const { block } = disk;
  const view: DiskView | undefined = seen.views.find((each) => each.serial === disk.serial);
  const users = findUsers(disk, seen.facts, () => false);
  const record = file?.disk;
  const lines: (readonly [string, readonly string[]])[] = [
    ['serial', [`${disk.serial} (from ${block.serialFrom ?? 'nowhere'})`]],
    ['wwn', [disk.wwn || '–']],
    ['model', [[block.model, block.transport].filter(Boolean).join(', ') || '–']],
    [
      'size',
      [
        `${sizeText(block.sizeBytes ?? 0)}, ${block.sizeBytes ?? 'unknown'} bytes, sectors of ${block.sectorSize ?? 'unknown'}`,
      ],
    ],
    ['place', [disk.slot || '–']],
    ['device', disk.paths.map((path) => `${path} (now)`)],
    ['partitions', disk.partitions.map((part) => `${part.name}, ${sizeText(part.sizeBytes ?? 0)}`)],
    ['content', describeContent(disk)],
    ['used by', users.known ? users.users : [users.why]],
    [
      'state',
      view === undefined
        ? ['no state means it']
        : [`${view.state}${view.role === '' ? '' : `, ${view.role}`}`, ...view.words],
    ],
    [
      'ledger',
      record === undefined
        ? ['never seen']
        : [
            `${record.host}, role ${record.role}, generation ${record.gen}, last ready ${record.lastReady?.slice(0, 10) ?? 'never'}`,
          ],
    ],
    ['approvals', (file?.approvals ?? []).map(keptText)],
    ['adoptions', (file?.adoptions ?? []).map(keptText)],
    ['fingerprint', [fingerprint]],
    ['', advice],
  ];
  return lines
    .flatMap(([name, words]) =>
      words.length === 0 ? [[name, 'none']] : words.map((word, i) => [i === 0 ? name : '', word]),
    )
    .map(([name = '', word = '']) => `${name.padEnd(12)}${word}`.trimEnd())
    .join('\n');
}

function keptText({ by, expires, reason, used }: Kept<DiskWord>): string {
  return `by ${by} until ${expires}: ${reason}${used === undefined ? '' : ` (used ${used})`}`;
}

/** Sizes as they are sold: 16.0 TB. */
function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return unit === 0 ? `${value} B` : `${value.toFixed(1)} ${units[unit] ?? ''}`;
}
