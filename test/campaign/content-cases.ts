import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../lib/model/json.ts';
import type { Step } from '../../lib/model/resource.ts';
import { hashOf, type DiskHost, type HostDisk } from '../support/disk-host.ts';
import { DISK_CONTENTS, type DiskContent } from '../support/storage/contents.ts';
import { MIB } from '../support/storage/disk-size.ts';
import { exportFaulty, type DiskError, type FaultyFile } from '../support/storage/faulty-disk.ts';
import { attachLoop, type LoopDevice } from '../support/storage/loop-device.ts';
import { sparseFile } from '../support/storage/write-log.ts';
import { campaignHost } from './campaign-host.ts';
import type { Random } from './random.ts';

type Arguments = Readonly<Record<string, Json>>;

/** What goes wrong around a disk. */
const FAULTS = [
  'none',
  'none',
  'unreadable sector',
  'read only',
  'held exclusively',
  'open for writing',
  'loop device on it',
  'mounted elsewhere',
  'written to after the plan',
  'swapped after the plan',
  'host booted after the plan',
  'step killed',
  'same serial number twice',
  'two controllers',
] as const;
type Fault = (typeof FAULTS)[number];

/** Contents that are slab's own, by how they came about. */
const OWN = ['own, ready', 'own, cut short', 'of another host', 'of another role'] as const;

const MOUNTABLE: ReadonlySet<string> = new Set([
  'xfs',
  'ext4',
  'btrfs',
  'vfat',
  'own, ready',
  'of another host',
  'of another role',
]);

/** One case of layer B, as its seed decides it. */
export interface ContentCase {
  readonly content: string;
  readonly fault: Fault;
  readonly filesystem: 'xfs' | 'ext4' | 'btrfs';
  readonly sectorSize: 512 | 4096;
  readonly sizeBytes: number;
}

/** What a case came to. */
export interface CaseEnd {
  readonly title: string;
  /** `formatted`, `kept`, `refused`. */
  readonly end: string;
}

/** Draws a case. */
export function drawContentCase(random: Random): ContentCase {
  const contents = [...DISK_CONTENTS.map(({ name }) => name), ...OWN, 'zero', 'zero', 'zero'];
  const content = random.pick(contents);
  const fault = random.pick(FAULTS);
  return {
    content,
    // What nobody can mount is held by somebody instead.
    fault: fault === 'mounted elsewhere' && !MOUNTABLE.has(content) ? 'held exclusively' : fault,
    filesystem: random.pick(['xfs', 'xfs', 'ext4', 'btrfs'] as const),
    sectorSize: random.chance(0.8) ? 512 : 4096,
    sizeBytes: random.pick([320, 336, 411, 512]) * MIB,
  };
}

/**
 * Plays one case on real block devices and checks the invariants by independent means: hashes of images, the kernel's
 * counters of writes, what is mounted. @throws AssertionError when one does not hold.
 */
export async function playContentCase(drawn: ContentCase, random: Random): Promise<CaseEnd> {
  const host = campaignHost();
  const title = Object.values(drawn).join(' | ');
  const folder = mkdtempSync('/dev/shm/slab-case-');
  const helpers: ChildProcess[] = [];
  const stacked: LoopDevice[] = [];
  let faulty: FaultyFile | undefined;
  try {
    host.boot();
    const wanted: Arguments = {
      ...{ serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' },
      filesystem: drawn.filesystem,
    };
    const neighbour = host.insert('S2', { sizeBytes: 16 * MIB });
    host.output(`printf neighbour | dd of=${neighbour.device.path} conv=notrunc status=none; sync`);
    const untouched = hashOf(neighbour);

    const file = join(folder, 'disk');
    sparseFile(file, drawn.sizeBytes);
    await fill(host, { file, drawn, wanted, random });
    const before = hashOf({ file });
    const errors = drawn.fault === 'unreadable sector' ? [drawError(drawn, random)] : [];
    const { sectorSize } = drawn;
    if (errors.length > 0) faulty = await exportFaulty(file, mkdtempSync(join(folder, 'f-')), { errors });
    const disk = host.insert('S1', { file: faulty?.path ?? file, sectorSize });
    if (drawn.fault === 'same serial number twice') host.insert('S1', { sizeBytes: 16 * MIB });
    await disturb(host, disk, { drawn, folder, helpers, stacked });

    const plan = host.plan(wanted);
    const view = plan.diff.disks?.[0];
    let expected = before;
    let newcomer: HostDisk | undefined;
    if (drawn.fault === 'written to after the plan') {
      host.output(
        `printf hello | dd of=${disk.device.path} bs=4096 seek=25600 conv=notrunc,fsync status=none`,
      );
      expected = hashOf({ file });
    }
    if (drawn.fault === 'swapped after the plan') {
      host.remove(disk);
      const other = join(folder, 'other');
      sparseFile(other, drawn.sizeBytes);
      newcomer = host.insert('S1', { file: other, sectorSize });
    }
    if (drawn.fault === 'host booted after the plan') {
      host.boot();
      const id = '/proc/sys/kernel/random/boot_id';
      host.output(`cat /proc/sys/kernel/random/uuid >/run/boot_id && mount --bind /run/boot_id ${id}`);
    }
    if (drawn.fault === 'step killed' && plan.steps.length > 0) {
      const tool = random.pick([
        'sfdisk',
        'partx',
        'wipefs',
        `mkfs.${drawn.filesystem}`,
        'sync',
        'mv',
        'umount',
      ]);
      host.killAt({ tool, nth: 1 + random.below(3), during: random.chance(0.5) });
      host.runSteps(plan.steps);
      host.killNoMore();
    }
    const ran =
      drawn.fault === 'two controllers'
        ? both(host, plan.steps, folder)
        : host.runSteps(drawn.fault === 'step killed' ? host.plan(wanted).steps : plan.steps);

    assert.equal(hashOf(neighbour), untouched, 'a neighbour was written to');
    if (newcomer !== undefined)
      assert.equal(
        host.run(`cmp -n ${drawn.sizeBytes} ${newcomer.file} /dev/zero`).code,
        0,
        'the newcomer was written to',
      );
    const mounted = isMounted(host);
    const mayFormat = isOurs(drawn.content) || drawn.content === 'zero';
    if (!mayFormat || !isHarmless(drawn)) {
      if (drawn.content !== 'own, ready' || !mounted)
        assert.equal(hashOf({ file }), expected, `written to: ${ran.said}`);
      if (!mayFormat) assert.ok(!mounted, 'mounted what is not ours');
      if (view?.action === 'refused') {
        const words = [
          ...(plan.diff.notes ?? []),
          ...(plan.diff.shortfalls ?? []),
          ...(plan.diff.problems ?? []),
        ];
        assert.match(words.join('\n'), /S1/, 'a refusal names the disk');
      }
      return { title, end: mounted ? 'kept' : 'refused' };
    }
    assert.ok(mounted, `not mounted: ${ran.said}\n${JSON.stringify(plan.diff.disks)}`);
    return { title, end: reachesReady(host, disk, wanted, drawn) };
  } finally {
    for (const helper of helpers) helper.kill('SIGKILL');
    for (const device of stacked) device.detach();
    host.end();
    await faulty?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a disk is mounted there: a place that is kept shut for want of one is a mount point, too. */
export function isMounted(host: DiskHost): boolean {
  const { stdout } = host.run('findmnt --noheadings --output SOURCE --mountpoint /srv/object/1');
  // Below it the place may be kept shut.
  return /^\/dev\//m.test(Buffer.from(stdout).toString());
}

/** READY: data written now are there after a boot, and a second apply writes nothing. */
function reachesReady(host: DiskHost, disk: HostDisk, wanted: Arguments, drawn: ContentCase): string {
  host.output('echo precious >/srv/object/1/file && sync');
  const written = () =>
    host.output(`cut -c 1- /sys/class/block/${disk.device.path.slice(5)}/stat | awk '{print $7}'`);
  const counter = written();
  const again = host.apply(wanted);
  assert.deepEqual(again.plan.diff.changes, [], 'a second plan is empty');
  assert.equal(written(), counter, 'a second apply writes nothing');
  host.output('umount /srv/object/1');
  host.boot();
  const { said } = host.apply(wanted);
  assert.equal(host.output('cat /srv/object/1/file'), 'precious\n', said);
  return drawn.content === 'own, ready' ? 'kept' : 'formatted';
}

function isOurs(content: string): boolean {
  return content === 'own, ready' || content === 'own, cut short';
}

/** Whether a disk that may be formatted is usable all the same. */
function isHarmless({ fault, content }: ContentCase): boolean {
  // What is written into an unfinished format of ours is written into what will be made anew.
  if (fault === 'written to after the plan') return content === 'own, cut short';
  return fault === 'none' || fault === 'step killed' || fault === 'two controllers';
}

interface Filling {
  readonly file: string;
  readonly drawn: ContentCase;
  readonly wanted: Arguments;
  readonly random: Random;
}

/** Puts the content on the disk, with slab itself where it is slab's own. */
async function fill(host: DiskHost, { file, drawn, wanted, random }: Filling): Promise<void> {
  const known: DiskContent | undefined = DISK_CONTENTS.find(({ name }) => name === drawn.content);
  const { sectorSize } = drawn;
  if (known !== undefined) {
    const device = attachLoop(file, { sectorSize });
    known.make(device.path, drawn.sizeBytes);
    device.detach();
    return;
  }
  const disk = host.insert('S1', { file, sectorSize });
  const mine = host.records;
  if (drawn.content === 'of another host') host.records = { ...mine, host: 'storage-99' };
  const { steps } = host.plan(drawn.content === 'of another role' ? { ...wanted, role: 'scratch' } : wanted);
  if (drawn.content === 'own, cut short') {
    host.killAt({ tool: random.pick(['partx', `mkfs.${drawn.filesystem}`, 'mv', 'umount']), nth: 1 });
    host.runSteps(steps);
    host.killNoMore();
  } else {
    const { codes, said } = host.runSteps(steps);
    assert.ok(
      codes.every((code) => code === 0),
      said,
    );
    host.output('umount /srv/object/1');
  }
  host.records = mine;
  host.boot();
  host.remove(disk);
  await Promise.resolve();
}

function drawError({ sizeBytes }: ContentCase, random: Random): DiskError {
  const last = sizeBytes / 512 - 1;
  return { on: 'read', sector: random.pick([0, 2, 8, last, 2048, random.below(last)]) };
}

interface Disturbing {
  readonly drawn: ContentCase;
  readonly folder: string;
  readonly helpers: ChildProcess[];
  readonly stacked: LoopDevice[];
}

/** Lets somebody use the disk, or makes it read only. */
async function disturb(
  host: DiskHost,
  { device }: HostDisk,
  { drawn, folder, helpers, stacked }: Disturbing,
): Promise<void> {
  const hold = async (script: string): Promise<void> => {
    const child = spawn('perl', ['-e', script, device.path], { stdio: ['ignore', 'pipe', 'ignore'] });
    helpers.push(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
  };
  const open = (flags: string): string =>
    `use Fcntl; $| = 1; sysopen(my $f, $ARGV[0], ${flags}); print "open\\n"; sleep 600`;
  switch (drawn.fault) {
    case 'read only':
      host.output(`blockdev --setro ${device.path}`);
      return;
    case 'held exclusively':
      await hold(open('O_RDWR | O_EXCL'));
      return;
    case 'open for writing':
      await hold(open('O_RDWR'));
      return;
    case 'loop device on it':
      stacked.push(attachLoop(device.path));
      return;
    case 'mounted elsewhere': {
      const script = `for n in ${device.path} ${device.path}p1; do mount "$n" ${folder} 2>/dev/null && break; done; echo; exec sleep 600`;
      const child = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-c', script], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      helpers.push(child);
      await new Promise((resolve) => child.stdout.once('data', resolve));
      return;
    }
    case 'none':
    case 'unreadable sector':
    case 'written to after the plan':
    case 'swapped after the plan':
    case 'host booted after the plan':
    case 'step killed':
    case 'same serial number twice':
    case 'two controllers':
  }
}

/** Two controllers that saw the same apply at once: what one does, the other must not do as well. */
function both(host: DiskHost, steps: readonly Step[], folder: string): { readonly said: string } {
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
