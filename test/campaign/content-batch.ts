import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { factsScript } from '../../lib/disks/scripts.ts';
import type { DiskRecord } from '../../lib/model/records.ts';
import type { SectionResult } from '../../lib/model/script.ts';
import type { DiskHost } from '../support/disk-host.ts';
import type { Examined } from '../support/observe-case.ts';
import { MIB } from '../support/storage/disk-size.ts';
import { exportFaulty } from '../support/storage/faulty-disk.ts';
import { flushedHashOf, hashOf } from '../support/storage/image-hash.ts';
import { makeMemoryFolder, removeMemoryFolder } from '../support/storage/memory-folder.ts';
import { sparseFile } from '../support/storage/write-log.ts';
import { agreeTo, askFacts, assertKept } from './approval.ts';
import { campaignHost } from './campaign-host.ts';
import { checkFilesystem } from './check-filesystem.ts';
import type { ContentCase } from './content-case.ts';
import { titleOf } from './content-cases.ts';
import { assertApplied, assertPlanned, comeToRest, hashAgain, useThem } from './content-checks.ts';
import {
  cutAnswer,
  disturb,
  drawError,
  failedNothing,
  failRead,
  isUnreadable,
  killedNothing,
  killSomewhere,
  runTwice,
} from './faults.ts';
import { fillWithOwn } from './own-contents.ts';
import { attempt, attemptSlowly, draw, endOf, type Playing } from './playing.ts';
import { whileStill, type CaseEnd } from './slot.ts';

/**
 * Plays cases of what is on a disk and what goes wrong, all in one host, and checks the invariants by independent means:
 * hashes of images, the kernel's counters of writes, what is mounted.
 */
export async function playContentBatch(seeds: readonly number[]): Promise<readonly CaseEnd[]> {
  const host = campaignHost({ ownProcesses: true });
  const folder = makeMemoryFolder('case');
  const cases: Playing[] = [];
  try {
    host.boot();
    // A disk that no state means; and every case is a neighbour of the others.
    const neighbour = host.insert('S0', { sizeBytes: 16 * MIB });
    host.output(`printf neighbour | dd of=${neighbour.device.path} conv=notrunc status=none; sync`);
    const untouched = hashOf(neighbour);

    for (const [n, seed] of seeds.entries()) cases.push(draw(host, { n, seed, folder }));
    fillWithOwn(host, cases);
    host.output('sync');
    for (const each of cases) await attemptSlowly(each, () => install(host, each));
    // A mount of a clean xfs writes to its log, even a read-only one: what somebody else did before slab came is theirs.
    host.output('sync');
    for (const each of cases) each.before = hashOf(each);
    const facts = agree(host, cases);
    const plans = plan(host, cases, facts);
    for (const [n, each] of cases.entries())
      await attemptSlowly(each, () => run(host, each, plans[n] ?? assert.fail('a plan for each')));
    resumeKilled(host, cases);
    useThem(host, cases);
    const points = cases.filter(({ used }) => used).map(({ point }) => point);
    whileStill(host, points, () => comeToRest(host, cases));
    hashAgain(cases);
    comeBack(host, cases);
    const now = hashOf(neighbour);
    for (const each of cases)
      attempt(each, () => assert.equal(now, untouched, 'I4: a neighbour was written to'));
    return cases.map((each) => ({
      ...{ seed: each.seed, title: titleOf(each.drawn), end: endOf(each) },
      ...(each.violation === undefined ? {} : { violation: `${each.violation}\n${each.said}` }),
    }));
  } finally {
    for (const each of cases) each.release();
    host.end();
    for (const { faulty } of cases) await faulty?.remove();
    removeMemoryFolder(folder);
  }
}

/** Puts the disk in as the plan will find it. */
async function install(host: DiskHost, playing: Playing): Promise<void> {
  const { serial, drawn, file, folder, random } = playing;
  const { fault, sectorSize } = drawn;
  if (fault === 'unreadable sector') {
    host.remove(playing.disk);
    const error = drawError(drawn, random);
    playing.faulty = await exportFaulty(file, mkdtempSync(join(folder, 'f-')), { errors: [error] });
    playing.disk = host.insert(serial, { file: playing.faulty.path, sectorSize });
    // A kernel reads the table of a disk that appears; not every kernel is built to, so it is told.
    host.run(`partx --add ${playing.disk.device.path}`);
    assert.ok(isUnreadable(playing.disk, error.sector), `sector ${error.sector} can be read`);
  }
  // As large as the other one: what is too small is never written to anyway.
  if (fault === 'same serial number twice')
    playing.twin = host.insert(serial, { sizeBytes: drawn.sizeBytes, sectorSize });
  await stage(host, playing, fault);
}

/** Lets somebody come between. That nobody does is only all right where it is not known whether there is a file system to mount. */
async function stage(host: DiskHost, playing: Playing, fault: string): Promise<void> {
  const { folder, disk, drawn } = playing;
  const { release, missed } = await disturb(host, disk, { fault, folder });
  playing.release = release;
  if (missed === undefined) return;
  playing.missed = missed;
  assert.ok(drawn.class === 'unfinished' && fault === 'mounted elsewhere', `not staged: ${missed}`);
}

/** Agrees to what shall be destroyed. @returns the facts of the host that it was decided by. */
function agree(host: DiskHost, cases: readonly Playing[]): SectionResult {
  const asked = cases.filter(
    ({ drawn }) => drawn.class === 'approved' || drawn.fault === 'approval without need',
  );
  const facts = askFacts(host);
  const serialsOf = (some: readonly Playing[]) => some.map(({ serial }) => serial);
  // Of every fourth, by its seed, the copy is taken that is taken before a destruction.
  const kept = asked.filter(({ seed }) => seed % 4 === 0);
  const agreed = agreeTo(host, facts, { serials: serialsOf(asked), kept: serialsOf(kept) });
  for (const each of asked)
    attempt(each, () => {
      each.agreement = agreed.get(each.serial);
      const can = each.drawn.fault !== 'unreadable sector' && each.drawn.fault !== 'read only';
      assert.equal(each.agreement !== undefined, can, 'who can agree to it, or who cannot');
      if (each.agreement !== undefined) assertKept(each.file, each.agreement);
    });
  const approvals = [...agreed.values()].map(({ approval }) => approval);
  host.records = { ...host.records, approvals, disks: cases.flatMap((each) => recordOf(host, each)) };
  return facts;
}

/** What the ledger knows of a disk, where it knows it. */
function recordOf(host: DiskHost, { drawn, serial, role }: Playing): readonly DiskRecord[] {
  const { class: name, content, fault, sizeBytes } = drawn;
  const [known, retired] = [fault === 'known to have been ready', fault === 'out of service'];
  if (!known && !retired) return [];
  const gen = content.endsWith('after an approval') ? 1 : 0;
  const at = '2026-01-02T03:04:05Z';
  return [
    {
      ...{ serial, host: host.records.host, role, sizeBytes, gen, firstSeen: '2026-01-01T00:00:00Z' },
      ...(known || name === 'ready' ? { lastReady: at } : {}),
      ...(retired ? { retired: { at, why: 'it makes noises' } } : {}),
    },
  ];
}

/** Plans all cases in one go; of some the answers do not come whole. @param facts of the host as it is. */
function plan(host: DiskHost, cases: readonly Playing[], facts: SectionResult): readonly Examined[] {
  const answers = new Map([[factsScript.text, facts]]);
  const plans = host.planAll(
    cases.map(({ wanted }) => wanted),
    ['sh'],
    (script, answer) => {
      const heard = answers.get(script) ?? answer();
      answers.set(script, heard);
      return heard;
    },
  );
  return cases.map(({ drawn, random, wanted }, n) => {
    const whole = plans[n] ?? assert.fail('a plan for each');
    if (drawn.fault !== 'answer cut') return whole;
    // Only what is asked about this disk can be cut.
    let asked = 0;
    const listen = (cut?: number) => {
      asked = 0;
      const [heard] = host.planAll([wanted], ['sh'], (script) => {
        const answer = answers.get(script) ?? assert.fail('it asks the same');
        return ++asked === cut ? cutAnswer(answer, random) : answer;
      });
      return heard ?? assert.fail('a plan');
    };
    listen();
    return listen(1 + random.below(asked));
  });
}

/** What happens after the plan, and then the apply. */
async function run(host: DiskHost, playing: Playing, planned: Examined): Promise<void> {
  const { drawn, folder, random } = playing;
  const { fault } = drawn;
  assertPlanned(playing, planned);
  const later = / after the plan$/.test(fault) ? fault.replace(/ after the plan$/, '') : '';
  if (later === 'written to') writeTo(host, playing);
  if (later === 'swapped') swap(host, playing);
  if (later === 'held exclusively' || later === 'open for writing' || later === 'mounted elsewhere') {
    await stage(host, playing, later);
    // What a mount writes is theirs.
    playing.before = flushedHashOf({ file: playing.file, device: playing.disk.device });
  }
  const boot = '/proc/sys/kernel/random/boot_id';
  if (later === 'host booted')
    host.output(`cat /proc/sys/kernel/random/uuid >/run/boot_id && mount --bind /run/boot_id ${boot}`);
  const death = fault === 'step killed' ? killSomewhere(host, drawn, random) : undefined;
  const failing = later === 'read fails' ? 1 + random.below(readsOf(drawn)) : undefined;
  if (failing !== undefined) failRead(host, failing);
  const { steps } = planned;
  const ran = fault === 'two controllers' ? runTwice(host, steps, folder) : host.runSteps(steps);
  playing.said += ran.said;
  if (later === 'host booted') host.output(`umount ${boot}`);
  if (failing !== undefined) assert.equal(failedNothing(host, failing), undefined, 'not staged');
  if (death !== undefined) {
    playing.missed = killedNothing(host, death);
    playing.said += `killed: ${JSON.stringify(death)}\n`;
  }
  // What was killed is judged when it was taken up again.
  if (death === undefined || playing.missed !== undefined) assertApplied(host, playing);
}

/** How often a format reads a disk before it writes: 64 MiB at a time, or both ends twice. */
function readsOf({ class: name, sizeBytes, proof }: ContentCase): number {
  const atOnce = proof === 'full' ? 256 * MIB : 64 * MIB;
  return name === 'approved' ? 4 : Math.ceil(sizeBytes / atOnce);
}

/** Writes to a disk: into what was agreed to, or where nobody has looked twice. */
function writeTo(host: DiskHost, playing: Playing): void {
  const { drawn, disk, file } = playing;
  const at = drawn.class === 'approved' ? 1200 : drawn.sizeBytes / 8192;
  host.output(`printf hello | dd of=${disk.device.path} bs=4096 seek=${at} conv=notrunc,fsync status=none`);
  const written = hashOf({ file });
  assert.notEqual(written, playing.before, 'nothing was written');
  playing.before = written;
}

/** Puts a blank disk with the same serial number in its place. */
function swap(host: DiskHost, playing: Playing): void {
  const { drawn, disk, folder, serial } = playing;
  host.remove(disk);
  const file = join(folder, 'other');
  sparseFile(file, drawn.sizeBytes);
  playing.newcomer = host.insert(serial, { file, sectorSize: drawn.sectorSize });
}

/** I4: the next run goes on without asking anybody. */
function resumeKilled(host: DiskHost, cases: readonly Playing[]): void {
  const killed = cases.filter(({ drawn, missed }) => drawn.fault === 'step killed' && missed === undefined);
  if (killed.length === 0) return;
  const plans = host.planAll(killed.map(({ wanted }) => wanted));
  for (const [n, each] of killed.entries())
    attempt(each, () => {
      each.said += JSON.stringify(plans[n]?.diff.disks) + host.runSteps(plans[n]?.steps ?? []).said;
      assertApplied(host, each);
    });
}

function takeOut(host: DiskHost, playing: Playing): void {
  playing.release();
  playing.release = () => undefined;
  host.run(`umount ${playing.point}`);
  for (const disk of host.disks) if (disk.serial === playing.serial) host.remove(disk);
}

/** I5: after a boot everything that was ready comes back, and is sound. */
function comeBack(host: DiskHost, cases: readonly Playing[]): void {
  const ready = cases.filter(({ used, violation }) => used && violation === undefined);
  for (const { point } of ready) host.output(`umount ${point}`);
  // Of the others there is nothing left to find out.
  for (const each of cases) if (!ready.includes(each)) takeOut(host, each);
  host.boot();
  if (ready.length === 0) return;
  const plans = host.planAll(ready.map(({ wanted }) => wanted));
  for (const [n, each] of ready.entries())
    attempt(each, () => {
      const { said } = host.runSteps(plans[n]?.steps ?? []);
      assert.equal(host.output(`cat ${each.point}/file`), 'precious\n', `I5: ${said}`);
      if (isWhole(each)) checkFilesystem(host, { ...each, filesystem: each.drawn.filesystem });
    });
}

/** All of it can be read, and nobody has written into a file system that needed no more than its commit. */
function isWhole({ drawn, faulty }: Playing): boolean {
  return (
    faulty === undefined && !(drawn.class === 'unfinished' && drawn.fault === 'written to after the plan')
  );
}
