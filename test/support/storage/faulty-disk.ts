import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
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

/** A disk that has faults. */
export interface FaultyDisk {
  readonly device: LoopDevice;
  /** Takes the disk away; the log is whole then. */
  remove(): Promise<void>;
}

/**
 * Puts a file behind a disk with faults: QEMU's storage daemon exports it by FUSE as a file, which becomes a loop device.
 * Needs root, /dev/fuse and Debian's qemu-system-common.
 * @param folder an empty folder of its own, for the daemon's files.
 */
export async function attachFaulty(file: string, folder: string, faults: DiskFaults): Promise<FaultyDisk> {
  const exported = join(folder, 'exported');
  closeSync(openSync(exported, 'w'));
  const pidfile = join(folder, 'pid');
  const child = spawn(
    'qemu-storage-daemon',
    [
      ...blockNodes(file, faults),
      `--export=type=fuse,id=e,node-name=top,mountpoint=${exported},writable=on`,
      `--pidfile=${pidfile}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const size = statSync(file).size;
  await until(() => {
    if (child.exitCode !== null) throw new Error(`qemu-storage-daemon: ${complaint}`);
    return existsSync(pidfile) && statSync(exported).size === size;
  });
  const device = attachLoop(exported, faults);
  return {
    device,
    async remove() {
      device.detach();
      // The loop device lets go of its file when its last user does.
      await until(
        () =>
          !execFileSync('losetup', ['--list', '--noheadings', '--output=NAME'], { encoding: 'utf8' })
            .split('\n')
            .map((line) => line.trim())
            .includes(device.path),
      );
      child.kill('SIGTERM');
      await ended;
    },
  };
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

/** Sparse; a format of a small disk writes some 20 MB. */
const LOG_BYTES = 2 ** 32;

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 500) throw new Error('waited for ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
