import { readFileSync } from 'node:fs';
import { outputOf, runSmall } from '../small-process.ts';

/** How a file shall look as a disk. */
export interface LoopOptions {
  readonly sectorSize?: 512 | 4096;
  readonly readOnly?: boolean;
}

/** A file behind a block device. */
export interface LoopDevice {
  /** `/dev/loop7`. */
  readonly path: string;
  /** `7:7`. */
  readonly number: string;
  readonly file: string;
  detach(): void;
}

/**
 * Puts a file behind a loop device.
 * What a loop device remembers of its last file is cleared: `ro` and the nodes of partitions stay after it was
 * detached (seen with util-linux 2.38 on kernel 6.18).
 */
export function attachLoop(
  file: string,
  { sectorSize = 512, readOnly = false }: LoopOptions = {},
): LoopDevice {
  const path = outputOf('losetup', [
    '--find',
    '--show',
    `--sector-size=${sectorSize}`,
    ...(readOnly ? ['--read-only'] : []),
    file,
  ]).trim();
  forgetPartitions(path);
  if (!readOnly) outputOf('blockdev', ['--setrw', path]);
  const number = readFileSync(`/sys/class/block/${path.slice('/dev/'.length)}/dev`, 'utf8').trim();
  return {
    path,
    number,
    file,
    detach() {
      forgetPartitions(path);
      outputOf('losetup', ['--detach', path]);
    },
  };
}

function forgetPartitions(path: string): void {
  // It fails where there are none.
  runSmall('partx', ['--delete', path]);
}
