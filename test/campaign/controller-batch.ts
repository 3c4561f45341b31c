import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { type DiskHost, type HostDisk } from '../support/disk-host.ts';
import { flushedHashOf, hashOf } from '../support/storage/image-hash.ts';
import { runSmall } from '../support/small-process.ts';
import { MIB } from '../support/storage/disk-size.ts';
import { campaignHost } from './campaign-host.ts';
import { checkFilesystem } from './check-filesystem.ts';
import type { ControllerOrder, ControllerWord, EndedStep } from './controller.ts';
import { Random } from './random.ts';
import { isMounted, reasonOf, slotOf, type CaseEnd, type Slot } from './slot.ts';

/** A case has two controllers and three disks: one case a run. */
export const CONTROLLERS_BATCH = 1;

/** Who dies, at a step of the first controller. */
const DEATHS = [
  'nobody',
  'nobody',
  'the controller',
  "the host's runner",
  "the runner's shell alone",
] as const;

/** What each file system needs, in MiB. */
const SIZES = { xfs: 302, ext4: 40, btrfs: 116 } as const;

/** Contents, and the steps that a controller has for a disk of each: a place kept shut, a format, a mount. */
const STEPS = { zero: ['format', 'mount'], 'own, ready': ['mount'], ext4: ['block'] } as const;

/** How long a step takes on a quiet machine, about, in milliseconds: whoever dies later does so at none. */
const TAKES = { format: 400, mount: 60, block: 10 } as const;

interface Death {
  readonly of: (typeof DEATHS)[number];
  readonly step: number;
  readonly afterMs: number;
}

interface Drawn extends Slot {
  readonly content: keyof typeof STEPS;
  readonly filesystem: keyof typeof SIZES;
}

interface Held extends Drawn {
  readonly disk: HostDisk;
  readonly before: string;
}

/** Plays one case of layer E. */
export async function playControllerBatch(seeds: readonly number[]): Promise<readonly CaseEnd[]> {
  const ends: CaseEnd[] = [];
  for (const seed of seeds) ends.push(await playCase(seed));
  return ends;
}

async function playCase(seed: number): Promise<CaseEnd> {
  const random = new Random(seed);
  const drawn = [0, 1, 2].map((n) => drawDisk(random, n));
  const death = drawDeath(random, drawn);
  const delayMs = random.below(500);
  const host = campaignHost({ ownProcesses: false });
  const title = `${delayMs} ms apart, ${death.of} dies at step ${death.step} after ${death.afterMs} ms`;
  let said = '';
  try {
    host.boot();
    const held = prepare(host, drawn);
    host.killAt();
    const order = { host: host.pid, records: host.records, wanted: held.map(({ wanted }) => wanted) };
    const both = await Promise.all([
      control({ ...order, delayMs: 0 }, death),
      control({ ...order, delayMs }),
    ]);
    said = both.map((each, n) => `${n === 0 ? 'one' : 'other'}: ${wordsOf(each)}`).join('\n');
    await untilQuiet(both.flatMap(({ sessions }) => sessions));
    const formats = host.killNoMore().filter((call) => /^mkfs\.\S+ -q /.test(call)).length;
    const died = both.some(({ steps }) => steps?.some(({ code }) => code === 137) ?? true);
    assert.ok(!died || death.of !== 'nobody', 'who was not to die has died');
    if (!died) {
      const blank = held.filter(({ content }) => content === 'zero').length;
      assert.ok(formats <= blank, `I7: ${formats} formats of ${blank} blank disks`);
    }
    for (const each of held) checkSteps(each, { both, died });
    const asked = held.map(({ wanted }) => wanted);
    for (const { steps } of host.planAll(asked)) said += host.runSteps(steps).said;
    for (const each of held) check(host, each);
    for (const { diff } of host.planAll(asked))
      assert.deepEqual(diff.changes, [], 'I6: another plan is empty');
    for (const each of held) if (each.content !== 'ext4') checkFilesystem(host, each);
    return { seed, title, end: endOf(death, died) };
  } catch (error) {
    return { seed, title, end: 'broken', violation: `${reasonOf(error)}\n${said}` };
  } finally {
    host.end();
  }
}

function endOf({ of }: Death, died: boolean): string {
  if (of === 'nobody') return 'both';
  return died ? `without ${of}` : `fault not staged: ${of} dies`;
}

function wordsOf({ planned, steps }: Controlled): string {
  const ends = steps?.map(({ title, code, said }) => `${title}: ${code}\n${said}`) ?? ['killed'];
  return `${planned}${ends.join('')}`;
}

function drawDisk(random: Random, n: number): Drawn {
  const filesystem = random.pick(['xfs', 'ext4', 'btrfs'] as const);
  const content = random.pick(['zero', 'zero', 'own, ready', 'ext4'] as const);
  return { ...slotOf(n, filesystem), filesystem, content };
}

/** A death at a step that there is, while that runs. */
function drawDeath(random: Random, drawn: readonly Drawn[]): Death {
  const steps = drawn.flatMap(({ content }) => STEPS[content]);
  const of = random.pick(DEATHS);
  const step = random.below(steps.length);
  return { of, step, afterMs: random.below(TAKES[steps[step] ?? 'block']) };
}

function prepare(host: DiskHost, drawn: readonly Drawn[]): readonly Held[] {
  const chosen = drawn.map((each) => {
    const disk = host.insert(each.serial, { sizeBytes: SIZES[each.filesystem] * MIB });
    if (each.content === 'ext4') host.output(`mkfs.ext4 -q ${disk.device.path}`);
    return { ...each, disk };
  });
  const own = chosen.filter(({ content }) => content === 'own, ready');
  const plans = host.planAll(own.map(({ wanted }) => wanted));
  own.forEach(({ point }, n) => {
    const { codes, said } = host.runSteps(plans[n]?.steps ?? []);
    assert.ok(codes.length > 0 && codes.every((code) => code === 0), said);
    host.output(`echo precious >${point}/file; umount ${point}`);
  });
  host.boot();
  host.output('sync');
  return chosen.map((each) => ({ ...each, before: hashOf(each.disk) }));
}

/**
 * I7: of two formats of one disk at most one is done; and where both controllers live, each does a thing, or finds that there is
 * nothing to do, or says that somebody else is at it.
 */
function checkSteps(
  { serial, content }: Held,
  { both, died }: { readonly both: readonly Controlled[]; readonly died: boolean },
): void {
  const ofDisk = both.flatMap(({ steps = [] }) =>
    steps.filter(({ title }) => new RegExp(` disk ${serial}\\b`).test(title)),
  );
  const formats = ofDisk.filter(({ title }) => /^(format|complete) /.test(title));
  const done = formats.filter(({ code }) => code === 0);
  assert.ok(done.length <= (content === 'zero' ? 1 : 0), `I7: ${done.length} formats of ${serial} were done`);
  if (died) return;
  for (const { title, code, said } of ofDisk) {
    if (code !== 0 && code !== 117) assert.match(said, BUSY, `I7: ${title} ended with ${code}`);
  }
}

/** That somebody else has a disk or its place, or has had it since the plan. */
const BUSY = new RegExp(
  [
    ...['another program holds its lock', 'in use', 'opened for us alone', 'already mounted', 'busy'],
    ...['is the mount point of something else', 'is not empty'],
    ...[
      'not as the plan saw',
      'any more',
      'the kernel knows a partition',
      'not blank',
      'not proved to be zero',
    ],
    ...['there is no partition', 'the file system is'],
  ].join('|'),
);

/** What is somebody's is as it was; everything else is ready, and what was there is there. */
function check(host: DiskHost, held: Held): void {
  if (held.content === 'ext4') {
    assert.equal(flushedHashOf(held.disk), held.before, 'I1: written to');
    return;
  }
  assert.ok(isMounted(host, held), `I4: ${held.serial} is not mounted`);
  if (held.content === 'own, ready')
    assert.equal(host.output(`cat ${held.point}/file`), 'precious\n', 'I5: what was there');
}

const idle: ChildProcess[] = [];

interface Controlled {
  readonly planned: string;
  /** Nothing where it was killed before its end. */
  readonly steps?: readonly EndedStep[];
  readonly sessions: readonly number[];
}

/** Lets a controller plan and apply. */
function control(order: ControllerOrder, death?: Death): Promise<Controlled> {
  const child =
    idle.pop() ?? fork(new URL('./controller.ts', import.meta.url), { execArgv: ['--import=tsx'] });
  const sessions: number[] = [];
  let dying: NodeJS.Timeout | undefined;
  return new Promise((resolve) => {
    const ended = (words: Omit<Controlled, 'sessions'>) => {
      // Whoever has ended is wanted again by another case.
      clearTimeout(dying);
      child.removeAllListeners();
      resolve({ ...words, sessions });
    };
    child.on('message', (message) => {
      const word = message as ControllerWord;
      if ('session' in word) {
        sessions.push(word.session);
        if (word.step === death?.step)
          dying = setTimeout(() => kill(death, child, word.session), death.afterMs);
        return;
      }
      idle.push(child);
      ended(word);
    });
    child.once('exit', () => ended({ planned: '' }));
    child.send(order);
  });
}

function kill({ of }: Death, controller: ChildProcess, session: number): void {
  try {
    if (of === 'the controller') controller.kill('SIGKILL');
    if (of === "the host's runner") process.kill(-session, 'SIGKILL');
    if (of === "the runner's shell alone") process.kill(session, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** Until nothing runs any more of what controllers began on the host. */
async function untilQuiet(sessions: readonly number[]): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const { stdout } = runSmall('ps', ['-o', 'pid=,stat=', '-s', [...sessions, 1 << 22].join(',')]);
    const living = stdout
      .toString()
      .split('\n')
      .filter((line) => line !== '' && !/\bZ/.test(line));
    if (living.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('what was begun on the host does not end');
}

/** Ends the controllers that wait for another case. */
export function stopControllers(): void {
  for (const child of idle.splice(0)) child.disconnect();
}
