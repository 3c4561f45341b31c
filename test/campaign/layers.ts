import { makeMemoryFolder, removeMemoryFolder } from '../support/storage/memory-folder.ts';
import { playContentBatch } from './content-batch.ts';
import { CONTROLLERS_BATCH, playControllerBatch, stopControllers } from './controller-batch.ts';
import { logFormats, playPowerBatch, POWER_BATCH } from './power-batch.ts';
import type { CaseEnd } from './slot.ts';

/** A sort of cases, of which several are played in one run of slab. */
export interface Layer {
  readonly name: string;
  /** How many cases a run has. */
  readonly batch: number;
  /** What has to be there before the first run. */
  readonly begin?: () => Promise<void>;
  readonly play: (seeds: readonly number[]) => Promise<readonly CaseEnd[]>;
  readonly end?: () => void;
}

let folder = '';
let formats: Awaited<ReturnType<typeof logFormats>> = [];

/** All layers but A, which is in test/disks: B, what is on a disk and what goes wrong; C, where the power is cut; E, two controllers. */
export const layers: readonly Layer[] = [
  { name: 'B', batch: 36, play: playContentBatch },
  {
    name: 'C',
    batch: POWER_BATCH,
    async begin() {
      folder = makeMemoryFolder('logs');
      formats = await logFormats(folder);
    },
    play: (seeds) => playPowerBatch(formats, seeds),
    end: () => {
      if (folder !== '') removeMemoryFolder(folder);
    },
  },
  { name: 'E', batch: CONTROLLERS_BATCH, play: playControllerBatch, end: stopControllers },
];
