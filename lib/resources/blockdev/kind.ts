import {
  deepenDevices,
  observeDevicesDeeper,
  observeStorage,
  type StorageObserved,
} from '../../disks/device-looks.ts';
import { contentKey, deviceKeys } from '../../disks/prospects.ts';
import { factsScript } from '../../disks/scripts.ts';
import { defineKind } from '../define-kind.ts';
import { diffFormatted, stepsOfFormatted, wishOf } from './diff.ts';
import { diffTuned, stepsOfTuned } from './tuned.ts';
import { functions } from './functions.ts';
import { parseBlockdev, type BlockdevDeclared } from './parse.ts';

const wishes = (declared: BlockdevDeclared) => (declared.fun === 'formatted' ? [wishOf(declared)] : []);

/** `blockdev.*`: one block device, its file system and its settings. */
export const blockdev = defineKind<BlockdevDeclared, StorageObserved>({
  name: 'blockdev',
  summary: 'one block device: its file system, made only where it is proved to be blank, and its settings',
  functions,
  parse: parseBlockdev,
  identify: ({ fun, name }) => [fun === 'formatted' ? contentKey(name) : `blockdev:${name}#settings`],
  needs: ({ name }) => deviceKeys(name),
  probe: () => factsScript,
  observe: observeStorage,
  deepen: (declared, observed) => deepenDevices(declared, observed, wishes),
  observeDeeper: (results, declared, observed) =>
    observeDevicesDeeper(results, declared, { observed, wishes }),
  diff: (declared, observed, prospect) =>
    declared.fun === 'formatted'
      ? diffFormatted(declared, observed, prospect)
      : diffTuned(declared, observed, prospect),
  steps: (declared, changes, observed) =>
    declared.fun === 'formatted'
      ? stepsOfFormatted(declared, changes, observed)
      : stepsOfTuned(declared, changes, observed),
});
