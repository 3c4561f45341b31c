import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { DiskHost, HostDisk } from '../support/disk-host.ts';
import { DISK_CONTENTS } from '../support/storage/contents.ts';
import type { FaultyFile } from '../support/storage/faulty-disk.ts';
import { attachLoop } from '../support/storage/loop-device.ts';
import { sparseFile } from '../support/storage/write-log.ts';
import type { Agreement } from './approval.ts';
import { drawContentCase, type ContentCase } from './content-cases.ts';
import { Random } from './random.ts';
import { reasonOf, slotOf, type Slot } from './slot.ts';

/** A case on its disk. */
export interface Playing extends Slot {
  readonly seed: number;
  readonly random: Random;
  readonly drawn: ContentCase;
  readonly folder: string;
  readonly file: string;
  disk: HostDisk;
  /** What the image must be like if nobody writes to it. */
  expected: string;
  /** What has its place since the plan. */
  newcomer?: HostDisk;
  /** The other disk with its serial number. */
  twin?: HostDisk;
  faulty?: FaultyFile;
  agreement?: Agreement;
  release: () => void;
  said: string;
  end: string;
  violation?: string;
}

/** What one case gets wrong is no other's matter. */
export function attempt(playing: Playing, step: () => void): void {
  if (playing.violation !== undefined) return;
  try {
    step();
  } catch (error) {
    playing.violation = reasonOf(error);
  }
}

/** Draws a case and puts its content on its disk, unless slab itself has to. */
export function draw(
  host: DiskHost,
  { n, seed, folder }: { n: number; seed: number; folder: string },
): Playing {
  const random = new Random(seed);
  const drawn = drawContentCase(random);
  const own = mkdtempSync(join(folder, 'c-'));
  const file = join(own, 'disk');
  const { sectorSize, sizeBytes } = drawn;
  sparseFile(file, sizeBytes);
  const known = DISK_CONTENTS.find(({ name }) => name === drawn.content);
  if (known !== undefined && known.blank !== true) {
    const device = attachLoop(file, { sectorSize });
    known.make(device.path, sizeBytes);
    device.detach();
  }
  const slot = slotOf(n, drawn.filesystem);
  const disk = host.insert(slot.serial, { file, sectorSize });
  return {
    ...{ ...slot, seed, random, drawn, folder: own, file, disk },
    ...{ expected: '', release: () => undefined, said: '', end: 'refused' },
  };
}
