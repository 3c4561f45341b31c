import {
  deepenDevices,
  observeDevicesDeeper,
  observeStorage,
  type StorageObserved,
} from '../../disks/device-looks.ts';
import { contentKey, deviceKey, deviceKeys } from '../../disks/prospects.ts';
import { factsScript } from '../../disks/scripts.ts';
import { defineKind } from '../define-kind.ts';
import { diffLuks, luksKey, mapperOf, wishesOf } from './diff.ts';
import { functions } from './functions.ts';
import { parseLuks, type LuksDeclared } from './parse.ts';
import { stepsOfLuks } from './steps.ts';

/** `luks.*`: encrypted devices; Salt has no states for making them. */
export const luks = defineKind<LuksDeclared, StorageObserved>({
  name: 'luks',
  summary:
    'encrypted devices: made only where blankness is proved, opened by a key that is never written down',
  functions,
  parse: parseLuks,
  identify: (declared) =>
    declared.fun === 'absent'
      ? [luksKey(declared.name), contentKey(declared.name)]
      : [
          luksKey(declared.name),
          deviceKey(mapperOf(declared.name)),
          ...(declared.fun === 'present' ? [contentKey(declared.device)] : []),
        ],
  needs: (declared) =>
    declared.fun === 'present'
      ? deviceKeys(declared.device)
      : declared.fun === 'absent'
        ? deviceKeys(declared.name)
        : [],
  probe: () => factsScript,
  observe: observeStorage,
  deepen: (declared, observed) => deepenDevices(declared, observed, wishesOf),
  observeDeeper: (results, declared, observed) =>
    observeDevicesDeeper(results, declared, { observed, wishes: wishesOf }),
  diff: diffLuks,
  steps: stepsOfLuks,
});
