import {
  deepenDevices,
  observeDevicesDeeper,
  observeStorage,
  type DeviceWish,
  type StorageObserved,
} from '../../disks/device-looks.ts';
import { contentKey, contentKeys, deviceKey, deviceKeys } from '../../disks/prospects.ts';
import { factsScript } from '../../disks/scripts.ts';
import { defineKind } from '../define-kind.ts';
import { functions } from './functions.ts';
import { diffLv, lvKey, lvPath, stepsOfLv, wishesOfLv } from './lv.ts';
import { parseLvm, type LvDeclared, type LvmDeclared, type PvDeclared } from './parse.ts';
import { diffPv, pvKey, stepsOfPv, wishOfPv } from './pv.ts';
import { diffVg, stepsOfVg, vgKey, wishesOfVg } from './vg.ts';

/** Salt's module `lvm`: physical volumes, volume groups, logical volumes. */
export const lvm = defineKind<LvmDeclared, StorageObserved>({
  name: 'lvm',
  summary: 'LVM: made only of what is proved to be blank, removed only with an approval',
  functions,
  parse: parseLvm,
  identify: (declared) =>
    isPv(declared)
      ? [pvKey(declared.name), contentKey(declared.name)]
      : isLv(declared)
        ? [lvKey(declared), deviceKey(lvPath(declared))]
        : [vgKey(declared.name)],
  needs: (declared) =>
    isPv(declared)
      ? deviceKeys(declared.name)
      : isLv(declared)
        ? [vgKey(declared.group)]
        : declared.devices.flatMap((device) => [...deviceKeys(device), ...contentKeys(device)]),
  probe: () => factsScript,
  observe: observeStorage,
  deepen: (declared, observed) => deepenDevices(declared, observed, wishes),
  observeDeeper: (results, declared, observed) =>
    observeDevicesDeeper(results, declared, { observed, wishes }),
  diff: (declared, observed, prospect) =>
    isPv(declared)
      ? diffPv(declared, observed, prospect)
      : isLv(declared)
        ? diffLv(declared, observed, prospect)
        : diffVg(declared, observed, prospect),
  steps: (declared, changes, observed) =>
    isPv(declared)
      ? stepsOfPv(declared, changes, observed)
      : isLv(declared)
        ? stepsOfLv(declared, changes, observed)
        : stepsOfVg(declared, changes, observed),
});

function wishes(declared: LvmDeclared): readonly DeviceWish[] {
  return isPv(declared) ? [wishOfPv(declared)] : isLv(declared) ? wishesOfLv(declared) : wishesOfVg(declared);
}

function isPv(declared: LvmDeclared): declared is PvDeclared {
  return declared.fun === 'pv_present' || declared.fun === 'pv_absent';
}

function isLv(declared: LvmDeclared): declared is LvDeclared {
  return declared.fun === 'lv_present' || declared.fun === 'lv_absent';
}
