import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SectionResult } from '../../lib/model/script.ts';
import type { Step } from '../../lib/model/step.ts';
import { among, type DiskHost, type HostDisk } from '../support/disk-host.ts';
import type { DiskError } from '../support/storage/faulty-disk.ts';
import { attachLoop } from '../support/storage/loop-device.ts';
import type { ContentCase } from './content-cases.ts';
import type { Random } from './random.ts';

/** A sector that cannot be read: where tables and superblocks are, or anywhere. */
export function drawError({ sizeBytes }: ContentCase, random: Random): DiskError {
  const last = sizeBytes / 512 - 1;
  return { on: 'read', sector: random.pick([0, 2, 8, last, 2048, random.below(last)]) };
}

/** Lets somebody use the disk, or makes it read only. @returns what ends that. */
export async function disturb(
  host: DiskHost,
  { device }: HostDisk,
  { fault, folder }: { readonly fault: string; readonly folder: string },
): Promise<() => void> {
  const open = (flags: string): string =>
    `use Fcntl; $| = 1; sysopen(my $f, $ARGV[0], ${flags}); print "open\\n"; sleep 600`;
  switch (fault) {
    case 'read only':
      host.output(`blockdev --setro ${device.path}`);
      return () => undefined;
    case 'held exclusively':
      return hold(host, ['perl', '-e', open('O_RDWR | O_EXCL'), device.path]);
    case 'open for writing':
      return hold(host, ['perl', '-e', open('O_RDWR'), device.path]);
    case 'loop device on it': {
      const stacked = attachLoop(device.path);
      host.see(stacked);
      return () => stacked.detach();
    }
    case 'mounted elsewhere': {
      const script = `for n in ${device.path} ${device.path}p1; do mount -o ro "$n" ${folder} 2>/dev/null && break; done; echo; exec sleep 600`;
      return hold(host, ['unshare', '-m', '--propagation', 'private', 'sh', '-c', script]);
    }
    default:
      return () => undefined;
  }
}

/** Starts a program on a host, waits until it says that it has begun. @returns what kills it. */
async function hold(host: DiskHost, words: readonly string[]): Promise<() => void> {
  const [command = '', ...args] = [...among(host.pid), ...words];
  // In a process group of its own: who enters has a child.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return () => {
    // It may have ended with its host.
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGKILL');
  };
}

/** Two controllers that saw the same apply at once: what one does, the other must not do as well. */
export function runTwice(host: DiskHost, steps: readonly Step[], folder: string): { readonly said: string } {
  const files = steps.map(({ script }, i) => {
    const path = join(folder, `step${i}.sh`);
    writeFileSync(path, `{\nset -eu\numask 022\n${script.text}\n} </dev/null\n`);
    return path;
  });
  const { stdout, stderr } = host.run(`one() {
  for step in ${files.join(' ')}; do
    code=0
    setsid sh "$step" || code=$?
    [ "$code" = 0 ] || [ "$code" = 117 ] || break
  done
}
one & one & wait`);
  return { said: Buffer.from(stdout).toString() + stderr };
}

/** Lets everything die at a random tool of a format, right before it or in the middle of it. */
export function killSomewhere(host: DiskHost, filesystem: string, random: Random): void {
  const tool = random.pick(['sfdisk', 'partx', 'wipefs', `mkfs.${filesystem}`, 'sync', 'mv', 'umount']);
  host.killAt({ tool, nth: 1 + random.below(3), during: random.chance(0.5) });
}

/** The beginning of an answer: the connection was lost, the tool was killed, the pipe was full. */
export function cutAnswer(answer: SectionResult, random: Random): SectionResult {
  const { length } = answer.stdout;
  return { ...answer, stdout: answer.stdout.subarray(0, random.below(length)) };
}
