import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf } from '../small-process.ts';
import { attachLoop, type LoopDevice, type LoopOptions } from './loop-device.ts';
import { sparseFile } from './write-log.ts';

/** One operation of a disk that fails with EIO, as QEMU's blkdebug knows them. */
export interface DiskError {
  readonly on: 'read' | 'write' | 'discard' | 'flush';
  /** 512-byte sector; left out: every one. */
  readonly sector?: number;
  /** Only the first such operation fails. */
  readonly once?: boolean;
}

/** What stands between a file and the disk that it is behind. */
export interface DiskFaults extends LoopOptions {
  readonly errors?: readonly DiskError[];
  /** Bytes a second; a slow disk. */
  readonly bytesPerSecond?: number;
  /** Write a log of everything that reaches the disk to this file. */
  readonly log?: string;
}

/** A file that has the faults of a disk. */
export interface FaultyFile {
  readonly path: string;
  /** Takes it away, once no loop device has it any more; the log is whole then. */
  remove(): Promise<void>;
}

/** A disk that has faults. */
interface FaultyDisk {
  readonly device: LoopDevice;
  remove(): Promise<void>;
}

/**
 * Puts a file behind faults: QEMU's storage daemon exports it by FUSE as another file. Needs root, /dev/fuse and Debian's
 * qemu-system-common.
 * @param folder an empty folder of its own, for the daemon's files.
 */
export async function exportFaulty(file: string, folder: string, faults: DiskFaults): Promise<FaultyFile> {
  const path = join(folder, 'exported');
  closeSync(openSync(path, 'w'));
  const pidfile = join(folder, 'pid');
  const target = `--export=type=fuse,id=e,node-name=top,mountpoint=${path},writable=on`;
  const child = spawn('qemu-storage-daemon', [...blockNodes(file, faults), target, `--pidfile=${pidfile}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...KEEP_MEMORY },
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const { size } = statSync(file);
  await until(() => {
    if (child.exitCode !== null) throw new Error(`qemu-storage-daemon: ${complaint}`);
    return existsSync(pidfile) && statSync(path).size === size;
  });
  return {
    path,
    async remove() {
      // A loop device lets go of its file when its last user does.
      await until(() => !isAttached(path));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Puts a file behind a disk with faults. */
export async function attachFaulty(file: string, folder: string, faults: DiskFaults): Promise<FaultyDisk> {
  const exported = await exportFaulty(file, folder, faults);
  const device = attachLoop(exported.path, faults);
  return {
    device,
    async remove() {
      device.detach();
      await exported.remove();
    },
  };
}

function isAttached(file: string): boolean {
  return outputOf('losetup', ['--list', '--noheadings', '--output=NAME', '--associated', file]).length > 0;
}

/** The chain of block nodes: file, then its errors, its slowness, its log; the last is called `top`. */
function blockNodes(file: string, { errors = [], bytesPerSecond, log }: DiskFaults): readonly string[] {
  const nodes = [
    { driver: 'file', filename: file, 'node-name': '', discard: 'unmap' } as Record<string, unknown>,
  ];
  const below = (name: string) => {
    const last = nodes.at(-1);
    if (last !== undefined) last['node-name'] = name;
    return name;
  };
  if (errors.length > 0)
    nodes.push({
      driver: 'blkdebug',
      image: below('plain'),
      'inject-error': errors.map(({ on, sector = -1, once = false }) => ({
        event: 'none', // the other events are those of image formats
        iotype: on,
        sector,
        once,
        errno: 5,
      })),
    });
  if (bytesPerSecond !== undefined)
    nodes.push({ driver: 'throttle', 'throttle-group': 'slow', file: below('fast') });
  if (log !== undefined) {
    sparseFile(log, LOG_BYTES);
    nodes.push({ driver: 'blklogwrites', file: below('quiet'), log: 'log', 'log-super-update-interval': 1 });
  }
  below('top');
  return [
    ...(bytesPerSecond === undefined
      ? []
      : [
          `--object=${JSON.stringify({ 'qom-type': 'throttle-group', id: 'slow', limits: { 'bps-total': bytesPerSecond } })}`,
        ]),
    ...(log === undefined
      ? []
      : [`--blockdev=${JSON.stringify({ driver: 'file', filename: log, 'node-name': 'log' })}`]),
    ...nodes.map((node) => `--blockdev=${JSON.stringify(node)}`),
  ];
}

/**
 * The daemon keeps what it has read into. Otherwise it gives a MiB back with each read and takes it anew, which is half of the
 * time of reading a disk: glibc's mallopt(3).
 */
const KEEP_MEMORY = {
  MALLOC_MMAP_THRESHOLD_: String(32 * 2 ** 20),
  MALLOC_TRIM_THRESHOLD_: String(256 * 2 ** 20),
};

/** Sparse; a format of a small disk writes some 20 MB. */
const LOG_BYTES = 2 ** 32;

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 500) throw new Error('waited for ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
