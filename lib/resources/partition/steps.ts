import type { StorageObserved } from '../../disks/device-looks.ts';
import { orderDevices } from '../../disks/device-orders.ts';
import { makeScript } from '../../disks/make-script.ts';
import { nameDevice } from '../../disks/named.ts';
import type { Change } from '../../model/change.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { wishesOf } from './diff.ts';
import type { TableDeclared } from './parse.ts';
import { sfdiskText, wantedTable } from './table.ts';

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
        {
          title: `take the partition table off ${name}`,
          risk: change.risk,
          script: makeScript(facts, {
            devices: orderDevices(wishesOf(declared), change, { observed, becomes: 'nothing' }),
            command: ['true'],
          }),
        },
      ];
    if (wanted === undefined) return [];
    const words = wanted.entries.map(({ start, size, uuid }) => [start, size, uuid].join(':'));
    return [
      {
        title: `make ${wanted.entries.length} partitions on ${name}`,
        risk: change.risk,
        script: makeScript(facts, {
          devices: orderDevices(wishesOf(declared), change, { observed }),
          full,
          command: [
            'sh',
            '-c',
            writeTable.text.text,
            'sh',
            '{}',
            wanted.id,
            String(wanted.sectorSize / 512),
            ...words,
          ],
          input: sfdiskText(wanted),
        }),
      },
    ];
  });
}
