import type { DeviceWish, StorageObserved } from '../../disks/device-looks.ts';
import {
  judgeDevices,
  lacksTool,
  makingChange,
  notesOf,
  refusalsOf,
  standingOn,
} from '../../disks/device-orders.ts';
import { deviceView } from '../../disks/device-words.ts';
import type { HostFacts } from '../../disks/facts.ts';
import type { TableImage } from '../../disks/gpt.ts';
import type { Disk } from '../../disks/identity.ts';
import { nameDevice } from '../../disks/named.ts';
import { allNames, promiseDevice, promisedDevice } from '../../disks/prospects.ts';
import { damagedCopyOf, describeDamage } from '../../disks/table-copies.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { TableDeclared } from './parse.ts';
import {
  imageOfTable,
  partitionNames,
  tableMisfits,
  unknownEntries,
  wantedTable,
  type WantedTable,
} from './table.ts';

/** The object that a table is. */
export function tableKey(name: string): string {
  return `partitions:${name}`;
}

/** What is wanted of the disk: nothing on it, or a table, which is no content that blkid has a type for. */
export function wishesOf(declared: TableDeclared): readonly DeviceWish[] {
  const { fun, name, records } = declared;
  const table = (disk: Disk): TableImage | undefined => {
    const wanted = disk.serial === '' ? undefined : wantedTable(declared, disk);
    return wanted === undefined ? undefined : imageOfTable(wanted, disk);
  };
  return [{ name, wanted: '', least: 4 << 20, records, ...(fun === 'present' ? { table } : {}) }];
}

/** What differs between the partitions that are declared and those of the disk. */
export function diffPartition(declared: TableDeclared, observed: StorageObserved, prospect: Prospect): Diff {
  if (!observed.facts.read) return problem(observed.facts.why);
  const facts = observed.facts.value;
  return declared.fun === 'absent'
    ? diffAbsent(declared, { observed, facts, prospect })
    : diffPresent(declared, { observed, facts, prospect });
}

function problem(...problems: readonly string[]): Diff {
  return { changes: [], predicted: {}, problems };
}

interface Seen {
  readonly observed: StorageObserved;
  readonly facts: HostFacts;
  readonly prospect: Prospect;
}

function diffPresent(declared: TableDeclared, { observed, facts, prospect }: Seen): Diff {
  const { name } = declared;
  const named = nameDevice(facts, name);
  if (named.is !== 'device')
    return promisedDevice(prospect, name) === undefined
      ? problem(`${name}: ${named.why}. Nothing was written.`)
      : problem(
          `${name}: an earlier state makes it; partitions of what is not there yet cannot be planned: their ids follow from the disk`,
        );
  const { device } = named;
  if (device.serial === '')
    return problem(
      `${name} has no serial number: nothing would tell its partitions from those of another disk`,
    );
  if (device.block.kind === 'partition')
    return problem(`${name} is a partition: a table within it is seen by nobody`);
  const wanted = wantedTable(declared, device);
  if (wanted === undefined)
    return problem(
      `${name} has ${device.block.sizeBytes ?? 0} bytes: the partitions that are declared do not fit`,
    );
  const table = device.block.content?.table;
  const seen = table?.read === true ? table.value : undefined;
  const ours = seen !== undefined && seen !== null && seen.id.toLowerCase() === wanted.id;
  if (ours)
    return diffOurs(declared, {
      ...{ facts, device, wanted, misfits: tableMisfits(wanted, seen), warnings: seen.warnings },
    });
  return diffNew(declared, { observed, facts, prospect, wanted });
}

interface Ours {
  readonly facts: HostFacts;
  readonly device: Disk;
  readonly wanted: WantedTable;
  readonly misfits: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Our own table: used as it is. A table that is in use is not rewritten, whoever asks for it; but where its writing was cut
 * short, a damaged copy of it is, and the kernel is told what it does not know.
 */
function diffOurs({ name }: TableDeclared, { facts, device, wanted, misfits, warnings }: Ours): Diff {
  if (misfits.length > 0)
    return problem(
      `${name}: ${misfits.join('; ')}. slab does not change a table that holds partitions: what is in them would be lost or cut off. Nothing was written.`,
    );
  const unknown = unknownEntries(wanted, device.partitions);
  if (unknown === undefined)
    return problem(
      `${name}: the kernel does not know its partitions as its table has them: partx -u ${device.block.node}`,
    );
  const damaged = device.block.readOnly === false ? damagedCopyOf(warnings) : undefined;
  const base = { object: tableKey(name), action: 'update', risk: 'change', certainty: 'exact' } as const;
  const names = unknown.flatMap((number) => wanted.entries[number - 1]?.name ?? []);
  const by = `partition.present ${name}`;
  const disks = allNames(facts, name);
  return {
    changes: [
      ...(damaged === undefined
        ? []
        : [{ ...base, field: 'table', before: `${damaged} copy damaged`, after: 'mended' } as const]),
      ...(names.length === 0
        ? []
        : [{ ...base, field: 'known to the kernel', before: null, after: names } as const]),
    ],
    predicted: Object.assign(
      {},
      ...wanted.entries.map((entry, i) =>
        unknown.includes(i + 1)
          ? promiseDevice(partitionNames(disks, i + 1, entry), {
              ...{ exists: true, content: 'unknown', by, size: entry.size * wanted.sectorSize },
            })
          : {},
      ),
    ) as Diff['predicted'],
    ...(warnings.length === 0 || damaged !== undefined
      ? {}
      : { notes: warnings.map((words) => `${name}: ${describeDamage(words)}`) }),
  };
}

function diffNew(
  declared: TableDeclared,
  { observed, facts, prospect, wanted }: Seen & { readonly wanted: WantedTable },
): Diff {
  const { name } = declared;
  const judged = judgeDevices(wishesOf(declared), observed, prospect);
  const words = wanted.entries.map((each) => `"${each.name}"`).join(', ');
  const disks = judged.flatMap(
    ({ verdict }) => deviceView(name, verdict, `will get the partitions ${words}`) ?? [],
  );
  const base = { disks, notes: notesOf(judged) };
  const missing = lacksTool(facts, { tool: 'sfdisk', pkg: 'fdisk' }, prospect);
  const problems = [...refusalsOf(judged), ...(missing === undefined ? [] : [missing])];
  if (problems.length > 0) return { ...base, ...problem(...problems) };
  const names = allNames(facts, name);
  const blank = judged.every(({ verdict: { action } }) => action.do === 'make' && action.mode !== 'approved');
  const by = `partition.present ${name}`;
  return {
    ...base,
    ...standingOn(judged),
    changes: [
      makingChange(judged, {
        ...{ object: tableKey(name), field: 'partitions' },
        after: wanted.entries.map((each) => each.name),
      }),
    ],
    predicted: {
      ...promiseDevice(names, { exists: true, content: 'gpt', by }),
      ...Object.fromEntries(
        wanted.entries.flatMap((entry, i) =>
          Object.entries(
            promiseDevice(partitionNames(names, i + 1, entry), {
              ...{ exists: true, content: blank ? 'blank' : 'unknown', by },
              size: entry.size * wanted.sectorSize,
            }),
          ),
        ),
      ),
    },
  };
}

function diffAbsent(declared: TableDeclared, { observed, facts, prospect }: Seen): Diff {
  const { name } = declared;
  const named = nameDevice(facts, name);
  if (named.is !== 'device') return problem(`${name}: ${named.why}. Nothing was written.`);
  const table = named.device.block.content?.table;
  if (table?.read === true && table.value === null && named.device.partitions.length === 0)
    return { changes: [], predicted: {} };
  const judged = judgeDevices(wishesOf(declared), observed, prospect);
  const disks = judged.flatMap(
    ({ verdict }) => deviceView(name, verdict, 'its table will be DESTROYED') ?? [],
  );
  const refusals = refusalsOf(judged);
  if (refusals.length > 0) return { ...problem(...refusals), disks };
  return {
    disks,
    ...standingOn(judged),
    changes: [
      {
        ...makingChange(judged, { object: tableKey(name), field: 'partitions', after: null }),
        ...{ action: 'remove', risk: 'destroy' },
      },
    ],
    predicted: promiseDevice(allNames(facts, name), {
      exists: true,
      content: 'unknown',
      by: `partition.absent ${name}`,
    }),
  };
}
