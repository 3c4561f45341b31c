import {
  deepenDevices,
  observeDevicesDeeper,
  observeStorage,
  type StorageObserved,
} from '../../disks/device-looks.ts';
import { contentKey, deviceKey, deviceKeys } from '../../disks/prospects.ts';
import { factsScript } from '../../disks/scripts.ts';
import { defineKind } from '../define-kind.ts';
import { diffRaid, raidKey, wishesOf } from './diff.ts';
import { functions } from './functions.ts';
import { parseRaid, type RaidDeclared } from './parse.ts';
import { stepsOfRaid } from './steps.ts';

/** Salt's module `raid`: arrays of disks, by mdadm. */
export const raid = defineKind<RaidDeclared, StorageObserved>({
  name: 'raid',
  summary: 'arrays of disks: made only of blank members, never over an array that is known',
  functions,
  parse: parseRaid,
  identify: ({ fun, name, devices }) => [
    raidKey(name),
    deviceKey(name),
    ...(fun === 'present' ? devices.map(contentKey) : []),
  ],
  needs: ({ devices }) => devices.flatMap(deviceKeys),
  probe: () => factsScript,
  observe: observeStorage,
  deepen: (declared, observed) => deepenDevices(declared, observed, wishesOf),
  observeDeeper: (results, declared, observed) =>
    observeDevicesDeeper(results, declared, { observed, wishes: wishesOf }),
  diff: diffRaid,
  steps: stepsOfRaid,
});
