import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SectionResult } from '../../lib/model/script.ts';
import type { Step } from '../../lib/model/step.ts';
import { among, type DiskHost, type HostDisk } from '../support/disk-host.ts';
import type { DiskError } from '../support/storage/faulty-disk.ts';
import { attachLoop } from '../support/storage/loop-device.ts';
import type { ContentCase } from './content-case.ts';
import type { Random } from './random.ts';

/** A sector that cannot be read: where tables and superblocks are, or anywhere; of what a person agrees to, in one of its ends. */
export function drawError(
  { sizeBytes, class: name }: ContentCase,
  random: Random,
): DiskError & { readonly sector: number } {
  const last = sizeBytes / 512 - 1;
  const places = [0, 2, 8, last, 2048];
  return {
    on: 'read',
    sector: random.pick(name === 'approved' ? places : [...places, random.below(last)]),
  };
}

/** Whether a sector of a disk cannot be read. */
export function isUnreadable({ device }: HostDisk, sector: number): boolean {
  const open = openSync(device.path, 'r');
  try {
    readSync(open, Buffer.alloc(4096), 0, 4096, Math.floor(sector / 8) * 4096);
    return false;
  } catch {
    return true;
  } finally {
    closeSync(open);
  }
}

/** A fault around a disk: what ends it; and why it is none, where it could not be staged. */
export interface Disturbance {
  readonly release: () => void;
  readonly missed?: string;
}

/** Lets somebody use the disk, or makes it read only. */
export async function disturb(
  host: DiskHost,
  { device }: HostDisk,
  { fault, folder }: { readonly fault: string; readonly folder: string },
): Promise<Disturbance> {
  const open = (flags: string): string =>
    `use Fcntl; $| = 1; sysopen(my $f, $ARGV[0], ${flags}) or do { print "$!\n"; exit }; print "staged\n"; sleep 600`;
  switch (fault) {
    case 'read only': {
      host.output(`blockdev --setro ${device.path}`);
      const now = readFileSync(`/sys/class/block/${device.path.slice('/dev/'.length)}/ro`, 'utf8').trim();
      return { release: () => undefined, ...(now === '1' ? {} : { missed: `ro is ${now}` }) };
    }
    case 'held exclusively':
      return hold(host, ['perl', '-e', open('O_RDWR | O_EXCL'), device.path]);
    case 'open for writing':
      return hold(host, ['perl', '-e', open('O_RDWR'), device.path]);
    case 'loop device on it': {
      const stacked = attachLoop(device.path);
      host.see(stacked);
      return { release: () => stacked.detach() };
    }
    case 'mounted elsewhere': {
      const script = `for n in ${device.path} ${device.path}p1; do
  why=$(mount -o ro "$n" ${folder} 2>&1) && echo staged && exec sleep 600
done
echo $why`;
      return hold(host, ['unshare', '-m', '--propagation', 'private', 'sh', '-c', script]);
    }
    default:
      return { release: () => undefined };
  }
}

/** Starts a program on a host, waits until it says that it has begun, or why not, and kills it in the end. */
async function hold(host: DiskHost, words: readonly string[]): Promise<Disturbance> {
  const [command = '', ...args] = [...among(host.pid), ...words];
  // In a process group of its own: who enters has a child.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    child.once('close', () => resolve('it ended without a word'));
  });
  const release = () => {
    // It may have ended with its host.
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGKILL');
  };
  return { release, ...(said === 'staged' ? {} : { missed: said }) };
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

/** Before or in which call of a tool everything dies. */
interface DeathPoint {
  readonly tool: string;
  readonly nth: number;
  readonly during: boolean;
}

/** How often a step calls a tool, at least: of another call it may be that there is none. */
const CALLS = {
  blank: { sfdisk: 3, partx: 1, wipefs: 2, mkfs: 1, sync: 3, mv: 1, umount: 2, mount: 3 },
  approved: { sfdisk: 3, partx: 1, wipefs: 2, mkfs: 1, sync: 3, mv: 1, umount: 2, mount: 3 },
  unfinished: { sfdisk: 3, wipefs: 1, mkfs: 1, sync: 1, mv: 1, umount: 1, mount: 3 },
  ready: { mount: 2 },
  foreign: {},
} as const;

/** Lets everything die at a random tool of a step, right before it or in the middle of it. */
export function killSomewhere(
  host: DiskHost,
  { class: name, filesystem }: ContentCase,
  random: Random,
): DeathPoint {
  const [tool, most] = random.pick(Object.entries<number>(CALLS[name]));
  const point = {
    tool: tool === 'mkfs' ? `mkfs.${filesystem}` : tool,
    nth: 1 + random.below(most),
    // A table that was cut while it was written over somebody's content needs another approval.
    during: random.chance(0.5) && !(name === 'approved' && tool === 'sfdisk'),
  };
  host.killAt(point);
  return point;
}

/** Nothing dies any more. @returns why nothing has died, if nothing has. */
export function killedNothing(host: DiskHost, { tool, nth }: DeathPoint): string | undefined {
  const calls = host.killNoMore().filter((call) => call.startsWith(`${tool} `)).length;
  return calls < nth ? `${tool} was called ${calls} times, not ${nth}` : undefined;
}

/** Lets the nth read of whoever reads a disk fail from now on. */
export function failRead(host: DiskHost, nth: number): void {
  host.output(`mount -t tmpfs tools /usr/local/sbin
cat >/usr/local/sbin/dd <<'END'
#!/bin/sh
echo read >>/run/reads
if [ "$(grep -c . /run/reads)" = ${nth} ]; then
  echo "dd: error reading a disk: Input/output error" >&2
  exit 1
fi
exec "$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v dd)" "$@"
END
chmod +x /usr/local/sbin/dd`);
}

/** No read fails any more. @returns why none has, if none has. */
export function failedNothing(host: DiskHost, nth: number): string | undefined {
  const reads = host.output('touch /run/reads; umount /usr/local/sbin; cat /run/reads; rm /run/reads');
  const many = reads.split('\n').length - 1;
  return many < nth ? `there were ${many} reads, not ${nth}` : undefined;
}

/** The beginning of an answer: the connection was lost, the tool was killed, the pipe was full. */
export function cutAnswer(answer: SectionResult, random: Random): SectionResult {
  const { length } = answer.stdout;
  return { ...answer, stdout: answer.stdout.subarray(0, random.below(length)) };
}
