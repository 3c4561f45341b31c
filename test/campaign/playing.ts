import { closeSync, mkdtempSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DiskHost, HostDisk } from '../support/disk-host.ts';
import { DISK_CONTENTS } from '../support/storage/contents.ts';
import type { FaultyFile } from '../support/storage/faulty-disk.ts';
import { attachLoop } from '../support/storage/loop-device.ts';
import { sparseFile } from '../support/storage/write-log.ts';
import type { Agreement } from './approval.ts';
import type { ContentCase, DiskData } from './content-case.ts';
import { drawContentCase } from './content-cases.ts';
import { expectationOf, type Expectation } from './expectations.ts';
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
  /** Hash of the image if nobody writes to it. */
  before: string;
  /** What has its place since the plan. */
  newcomer?: HostDisk;
  /** The other disk with its serial number. */
  twin?: HostDisk;
  faulty?: FaultyFile;
  agreement?: Agreement | undefined;
  release: () => void;
  /** Why its fault could not be staged: it is a case without one then. */
  missed?: string | undefined;
  said: string;
  /** What the plan takes it for, and whether it is the plan that refuses. */
  state: string;
  refused: boolean;
  /** It was mounted where it belongs, as ours. */
  used: boolean;
  violation?: string;
}

/** What has to become of it. */
export function expected({ drawn, missed }: Playing): Expectation {
  return expectationOf(drawn, missed === undefined);
}

/** What a case came to, in a word. */
export function endOf({ drawn, missed, state, refused, used }: Playing): string {
  if (missed !== undefined) return `fault not staged: ${drawn.fault}`;
  if (used) return drawn.class === 'ready' ? 'kept' : 'formatted';
  return refused ? `refused: ${state}` : 'refused in the apply';
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

/** The same of a step that takes a while. */
export async function attemptSlowly(playing: Playing, step: () => Promise<void>): Promise<void> {
  if (playing.violation !== undefined) return;
  await step().catch((error: unknown) => (playing.violation = reasonOf(error)));
}

/** Draws a case and puts its content on its disk, unless slab itself has to. */
export function draw(
  host: DiskHost,
  { n, seed, folder }: { n: number; seed: number; folder: string },
): Playing {
  const random = new Random(seed);
  const drawn = drawContentCase(seed, random);
  const own = mkdtempSync(join(folder, 'c-'));
  const file = join(own, 'disk');
  const { sectorSize, sizeBytes } = drawn;
  sparseFile(file, sizeBytes);
  // A person agrees to the destruction of something.
  const content = drawn.content.endsWith('after an approval')
    ? random.pick(['ext4', 'swap', '64 KiB in the middle'])
    : drawn.content;
  const known = DISK_CONTENTS.find(({ name }) => name === content);
  if (known !== undefined && known.blank !== true) {
    const device = attachLoop(file, { sectorSize });
    known.make(device.path, sizeBytes);
    device.detach();
  }
  if (drawn.data !== undefined) writeData(file, drawn.data);
  const slot = placed(slotOf(n, drawn.filesystem), drawn);
  const disk = host.insert(slot.serial, { file, sectorSize });
  return {
    ...{ ...slot, seed, random, drawn, folder: own, file, disk },
    ...{ before: '', release: () => undefined, said: '', state: '', refused: false, used: false },
  };
}

/** A slot as its case wants it. */
function placed(slot: Slot, { mount, proof, fault }: ContentCase): Slot {
  const { role, serial, point, wanted } = slot;
  return {
    ...slot,
    point: mount === '{n}' ? point : `/srv/${role}/${serial}`,
    wanted: {
      ...{ ...wanted, mount: `/srv/${role}/${mount}`, proof },
      when_blank: fault === 'not to be formatted' ? 'refuse' : 'format',
    },
  };
}

function writeData(file: string, { at, bytes }: DiskData): void {
  const open = openSync(file, 'r+');
  try {
    writeSync(open, Buffer.alloc(bytes, 'data'), 0, bytes, at);
  } finally {
    closeSync(open);
  }
}
