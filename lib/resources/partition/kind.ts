import {
  deepenDevices,
  observeDevicesDeeper,
  observeStorage,
  type StorageObserved,
} from '../../disks/device-looks.ts';
import { contentKey, deviceKey, deviceKeys } from '../../disks/prospects.ts';
import { factsScript } from '../../disks/scripts.ts';
import { defineKind } from '../define-kind.ts';
import { diffPartition, tableKey, wishesOf } from './diff.ts';
import { functions } from './functions.ts';
import { parsePartition, type TableDeclared } from './parse.ts';
import { stepsOfPartition } from './steps.ts';
import { partitionPath } from './table.ts';

/** `partition.*`: partition tables; Salt has functions for them, and no states. */
export const partition = defineKind<TableDeclared, StorageObserved>({
  name: 'partition',
  summary: 'partition tables: made only where a disk is proved to be blank, never rewritten',
  functions,
  parse: parsePartition,
  identify: ({ name, partitions }) => [
    tableKey(name),
    contentKey(name),
    ...partitions.flatMap((each, i) => [
      deviceKey(partitionPath(name, i + 1)),
      deviceKey(`/dev/disk/by-partlabel/${each.name}`),
    ]),
  ],
  needs: ({ name }) => deviceKeys(name),
  probe: () => factsScript,
  observe: observeStorage,
  deepen: (declared, observed) => deepenDevices(declared, observed, wishesOf),
  observeDeeper: (results, declared, observed) =>
    observeDevicesDeeper(results, declared, { observed, wishes: wishesOf }),
  diff: diffPartition,
  steps: stepsOfPartition,
});
