import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { type DiskHost, type HostDisk } from '../support/disk-host.ts';
import { hashOf } from '../support/storage/image-hash.ts';
import { runSmall } from '../support/small-process.ts';
import { MIB } from '../support/storage/disk-size.ts';
import { campaignHost } from './campaign-host.ts';
import type { ControllerOrder, ControllerWord } from './controller.ts';
import { Random } from './random.ts';
import { isMounted, reasonOf, slotOf, type CaseEnd, type Slot } from './slot.ts';

/** A case has two controllers and three disks: one case a run. */
export const CONTROLLERS_BATCH = 1;

/** Who dies, at which step of the first controller, and how long after it began. */
const DEATHS = [
  'nobody',
  'nobody',
  'the controller',
  "the host's runner",
  "the runner's shell alone",
] as const;

/** What each file system needs, in MiB. */
const SIZES = { xfs: 302, ext4: 40, btrfs: 116 } as const;

interface Death {
  readonly of: (typeof DEATHS)[number];
  readonly step: number;
  readonly afterMs: number;
}

interface Held extends Slot {
  readonly content: 'zero' | 'own, ready' | 'ext4';
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
  const death: Death = { of: random.pick(DEATHS), step: random.below(6), afterMs: random.below(400) };
  const delayMs = random.below(500);
  const host = campaignHost({ ownProcesses: false });
  const title = `${delayMs} ms apart, ${death.of} dies at step ${death.step} after ${death.afterMs} ms`;
  let said = '';
  try {
    host.boot();
    const held = prepare(host, random);
    host.killAt();
    const order = { host: host.pid, records: host.records, wanted: held.map(({ wanted }) => wanted) };
    const [one, other] = await Promise.all([
      control({ ...order, delayMs: 0 }, death),
      control({ ...order, delayMs }),
    ]);
    said = `one: ${one.said}\nother: ${other.said}`;
    await untilQuiet([...one.sessions, ...other.sessions]);
    const formats = host.killNoMore().filter((call) => /^mkfs\.\S+ -q /.test(call)).length;
    const blank = held.filter(({ content }) => content === 'zero').length;
    if (death.of === 'nobody') assert.ok(formats <= blank, `I7: ${formats} formats of ${blank} blank disks`);
    const asked = held.map(({ wanted }) => wanted);
    for (const { steps } of host.planAll(asked)) said += host.runSteps(steps).said;
    for (const each of held) check(host, each);
    for (const { diff } of host.planAll(asked))
      assert.deepEqual(diff.changes, [], 'I6: another plan is empty');
    return { seed, title, end: death.of === 'nobody' ? 'both' : `without ${death.of}` };
  } catch (error) {
    return { seed, title, end: 'broken', violation: `${reasonOf(error)}\n${said}` };
  } finally {
    host.end();
  }
}

function prepare(host: DiskHost, random: Random): readonly Held[] {
  const chosen = [0, 1, 2].map((n) => {
    const filesystem = random.pick(['xfs', 'ext4', 'btrfs'] as const);
    const slot = slotOf(n, filesystem);
    const content = random.pick(['zero', 'zero', 'own, ready', 'ext4'] as const);
    const disk = host.insert(slot.serial, { sizeBytes: SIZES[filesystem] * MIB });
    if (content === 'ext4') host.output(`mkfs.ext4 -q ${disk.device.path}`);
    return { ...slot, content, disk };
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

/** What is somebody's is as it was; everything else is ready, and what was there is there. */
function check(host: DiskHost, held: Held): void {
  if (held.content === 'ext4') {
    assert.equal(hashOf(held.disk), held.before, 'I1: written to');
    return;
  }
  assert.ok(isMounted(host, held), `I4: ${held.serial} is not mounted`);
  if (held.content === 'own, ready')
    assert.equal(host.output(`cat ${held.point}/file`), 'precious\n', 'I5: what was there');
}

const idle: ChildProcess[] = [];

interface Controlled {
  readonly said: string;
  readonly sessions: readonly number[];
}

/** Lets a controller plan and apply. @returns what it said; nothing when it died before. */
function control(order: ControllerOrder, death?: Death): Promise<Controlled> {
  const child =
    idle.pop() ?? fork(new URL('./controller.ts', import.meta.url), { execArgv: ['--import=tsx'] });
  const sessions: number[] = [];
  let dying: NodeJS.Timeout | undefined;
  return new Promise((resolve) => {
    const ended = (said: string) => {
      // Whoever has ended is wanted again by another case.
      clearTimeout(dying);
      child.removeAllListeners();
      resolve({ said, sessions });
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
      ended(word.said);
    });
    child.once('exit', () => ended('killed'));
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
