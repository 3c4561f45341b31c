import { readdirSync, readFileSync } from 'node:fs';
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
  const says = (what: string) =>
    readFileSync(`/sys/class/block/${path.slice('/dev/'.length)}/${what}`, 'utf8').trim();
  if (!readOnly && says('ro') !== '0') outputOf('blockdev', ['--setrw', path]);
  const number = says('dev');
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

/**
 * Lets the kernel forget the partitions that it knows of a loop device. One that somebody has open stays until they close it:
 * the mounts of a host that was switched off go a moment later than its last process.
 */
function forgetPartitions(path: string): void {
  const name = path.slice('/dev/'.length);
  const known = () => readdirSync(`/sys/class/block/${name}`).filter((entry) => entry.startsWith(`${name}p`));
  for (let tries = 0; known().length > 0; tries++) {
    const { stderr } = runSmall('partx', ['--delete', path]);
    if (tries === 100) throw new Error(`${known().join(', ')} stays known after its disk: ${stderr}`);
    if (known().length > 0) runSmall('sleep', ['0.05']);
  }
}
