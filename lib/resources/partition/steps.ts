import type { StorageObserved } from '../../disks/device-looks.ts';
import { orderDevices } from '../../disks/device-orders.ts';
import { readGpt } from '../../disks/content.ts';
import type { HostFacts } from '../../disks/facts.ts';
import type { Disk } from '../../disks/identity.ts';
import { makeStep } from '../../disks/make-script.ts';
import { nameDevice } from '../../disks/named.ts';
import { deviceScript, expectation, wordsOf } from '../../disks/scripts.ts';
import { damagedCopyOf, tableCopiesScript } from '../../disks/table-copies.ts';
import type { Change } from '../../model/change.ts';
import type { Script } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { joinScripts } from '../../shell/sh.ts';
import { wishesOf } from './diff.ts';
import type { TableDeclared } from './parse.ts';
import { sfdiskText, wantedTable, type WantedTable } from './table.ts';

const settleTable = scriptFile(import.meta.url, './settle-table.sh');
const writeTable = scriptFile(import.meta.url, './write-table.sh');

/** What to run for these changes. */
export function stepsOfPartition(
  declared: TableDeclared,
  changes: readonly Change[],
  observed: StorageObserved,
): readonly Step[] {
  if (!observed.facts.read) return [];
  const facts = observed.facts.value;
  const { name, full } = declared;
  const named = nameDevice(facts, name);
  const wanted = named.is === 'device' ? wantedTable(declared, named.device) : undefined;
  return changes.flatMap((change): readonly Step[] => {
    if (change.action === 'remove')
      return [
        makeStep({ title: `take the partition table off ${name}`, risk: change.risk }, facts, {
          devices: orderDevices(wishesOf(declared), change, { observed, becomes: 'nothing' }),
          command: ['true'],
        }),
      ];
    if (wanted === undefined) return [];
    if (change.field !== 'partitions')
      return named.is === 'device'
        ? [
            {
              title:
                change.field === 'table'
                  ? `mend a copy of the partition table of ${name}`
                  : `tell the kernel of the partitions of ${name}`,
              risk: change.risk,
              script: settleScript(facts, named.device, wanted),
            },
          ]
        : [];
    const words = wanted.entries.map(({ start, size, uuid }) => [start, size, uuid].join(':'));
    return [
      makeStep({ title: `make ${wanted.entries.length} partitions on ${name}`, risk: change.risk }, facts, {
        devices: orderDevices(wishesOf(declared), change, { observed }),
        full,
        command: [
          ...['sh', '-c', writeTable.text.text, 'sh'],
          ...['{}', wanted.id, String(wanted.sectorSize / 512), ...words],
        ],
        input: sfdiskText(wanted),
      }),
    ];
  });
}

/** Brings our own table to its end where its writing was cut short. */
function settleScript(facts: HostFacts, disk: Disk, { id, sectorSize, entries }: WantedTable): Script {
  const damaged = damagedCopyOf(readGpt(disk)?.warnings ?? []) ?? '';
  const words = wordsOf({
    ...expectation(disk, facts),
    ...{ id, label: entries[0]?.name ?? '', damaged, factor: sectorSize / 512 },
  });
  return joinScripts([
    ...[deviceScript, tableCopiesScript],
    settleTable([...words, ...entries.map(({ start, size, uuid }) => `entry=${start}:${size}:${uuid}`)]),
  ]);
}
