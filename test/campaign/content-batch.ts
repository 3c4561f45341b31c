import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { factsScript } from '../../lib/disks/scripts.ts';
import type { SectionResult } from '../../lib/model/script.ts';
import type { DiskHost } from '../support/disk-host.ts';
import type { Examined } from '../support/observe-case.ts';
import { MIB } from '../support/storage/disk-size.ts';
import { exportFaulty } from '../support/storage/faulty-disk.ts';
import { hashOf } from '../support/storage/image-hash.ts';
import { makeMemoryFolder, removeMemoryFolder } from '../support/storage/memory-folder.ts';
import { sparseFile } from '../support/storage/write-log.ts';
import { agreeTo, askFacts, assertKept } from './approval.ts';
import { campaignHost } from './campaign-host.ts';
import { reachesReady } from './content-cases.ts';
import { assertUntouched, comeToRest, hashAgain, useThem } from './content-checks.ts';
import { cutAnswer, disturb, drawError, killSomewhere, runTwice } from './faults.ts';
import { fillWithOwn } from './own-contents.ts';
import { attempt, draw, type Playing } from './playing.ts';
import { isMounted, whileStill, type CaseEnd } from './slot.ts';

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
    for (const each of cases) await install(host, each);
    // A mount of a clean xfs writes to its log, even a read-only one: what somebody else did before slab came is theirs.
    host.output('sync');
    for (const each of cases) each.expected = hashOf(each);
    const facts = agree(host, cases);
    const plans = plan(host, cases, facts);
    for (const [n, each] of cases.entries())
      attempt(each, () => run(host, each, plans[n] ?? assert.fail('a plan for each')));
    resumeKilled(host, cases);
    useThem(host, cases);
    const points = cases.filter(({ end }) => end !== 'refused').map(({ point }) => point);
    whileStill(host, points, () => comeToRest(host, cases, plans));
    hashAgain(cases);
    comeBack(host, cases);
    const now = hashOf(neighbour);
    for (const each of cases)
      attempt(each, () => assert.equal(now, untouched, 'I4: a neighbour was written to'));
    return cases.map(({ seed, drawn, end, violation, said }) => ({
      ...{ seed, title: Object.values(drawn).join(' | '), end },
      ...(violation === undefined ? {} : { violation: `${violation}\n${said}` }),
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
    const errors = [drawError(drawn, random)];
    playing.faulty = await exportFaulty(file, mkdtempSync(join(folder, 'f-')), { errors });
    playing.disk = host.insert(serial, { file: playing.faulty.path, sectorSize });
  }
  // As large as the other one: what is too small is never written to anyway.
  if (fault === 'same serial number twice')
    playing.twin = host.insert(serial, { sizeBytes: drawn.sizeBytes, sectorSize });
  playing.release = await disturb(host, playing.disk, { fault, folder });
}

/** Agrees to what shall be destroyed. @returns the facts of the host that it was decided by. */
function agree(host: DiskHost, cases: readonly Playing[]): SectionResult {
  const asked = cases.filter(({ drawn }) => drawn.fault.startsWith('approved'));
  const facts = askFacts(host);
  const agreed = agreeTo(
    host,
    asked.map(({ serial }) => serial),
    facts,
  );
  for (const each of asked) {
    const agreement = agreed.get(each.serial);
    if (agreement === undefined) continue;
    each.agreement = agreement;
    attempt(each, () => assertKept(each.file, agreement));
  }
  const approvals = [...agreed.values()].map(({ approval }) => approval);
  host.records = { ...host.records, approvals };
  return facts;
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
    const cut = 1 + random.below(2);
    let asked = 0;
    const [heard] = host.planAll([wanted], ['sh'], (script) => {
      const answer = answers.get(script) ?? assert.fail('it asks the same');
      return ++asked === cut ? cutAnswer(answer, random) : answer;
    });
    return asked < cut ? whole : (heard ?? whole);
  });
}

/** What happens after the plan, and then the apply. */
function run(host: DiskHost, playing: Playing, { steps, diff }: Examined): void {
  const { drawn, disk, file, folder, random, serial } = playing;
  const { fault, sectorSize, sizeBytes } = drawn;
  if (fault === 'written to after the plan' || fault === 'approved, then written to') {
    const at = fault === 'approved, then written to' ? 1200 : sizeBytes / 8192;
    const block = `bs=4096 seek=${at} conv=notrunc,fsync status=none`;
    host.output(`printf hello | dd of=${disk.device.path} ${block}`);
    playing.expected = hashOf({ file });
  }
  if (fault === 'swapped after the plan') {
    host.remove(disk);
    const other = join(folder, 'other');
    sparseFile(other, sizeBytes);
    playing.newcomer = host.insert(serial, { file: other, sectorSize });
  }
  const boot = '/proc/sys/kernel/random/boot_id';
  if (fault === 'host booted after the plan')
    host.output(`cat /proc/sys/kernel/random/uuid >/run/boot_id && mount --bind /run/boot_id ${boot}`);
  if (fault === 'step killed') killSomewhere(host, drawn.filesystem, random);
  const ran = fault === 'two controllers' ? runTwice(host, steps, folder) : host.runSteps(steps);
  if (fault === 'step killed') host.killNoMore();
  if (fault === 'host booted after the plan') host.output(`umount ${boot}`);
  playing.said = ran.said;
  const views = JSON.stringify(diff.disks);
  if (fault === 'step killed') return;
  if (reachesReady(drawn)) assert.ok(isMounted(host, playing), `not mounted: ${views}`);
  else assertUntouched(host, playing);
  if (diff.disks?.[0]?.action === 'refused') {
    const words = [...(diff.notes ?? []), ...(diff.shortfalls ?? []), ...(diff.problems ?? [])];
    assert.match(words.join('\n'), new RegExp(`disk ${serial}`), 'I10: a refusal names the disk');
  }
}

/** I4: the next run goes on without asking anybody; what has to be refused is as it was. */
function resumeKilled(host: DiskHost, cases: readonly Playing[]): void {
  const killed = cases.filter(({ drawn }) => drawn.fault === 'step killed');
  if (killed.length === 0) return;
  const plans = host.planAll(killed.map(({ wanted }) => wanted));
  killed.forEach((each, n) =>
    attempt(each, () => {
      const { said } = host.runSteps(plans[n]?.steps ?? []);
      each.said += said;
      if (!reachesReady(each.drawn)) {
        assertUntouched(host, each);
        return;
      }
      assert.ok(isMounted(host, each), `I4: not resumed: ${JSON.stringify(plans[n]?.diff.disks)}`);
    }),
  );
}

function takeOut(host: DiskHost, playing: Playing): void {
  playing.release();
  playing.release = () => undefined;
  host.run(`umount ${playing.point}`);
  for (const disk of host.disks) if (disk.serial === playing.serial) host.remove(disk);
}

/** I5: after a boot everything that was ready comes back. */
function comeBack(host: DiskHost, cases: readonly Playing[]): void {
  const ready = cases.filter(({ end, violation }) => end !== 'refused' && violation === undefined);
  for (const { point } of ready) host.output(`umount ${point}`);
  // Of the others there is nothing left to find out.
  for (const each of cases) if (!ready.includes(each)) takeOut(host, each);
  host.boot();
  if (ready.length === 0) return;
  const plans = host.planAll(ready.map(({ wanted }) => wanted));
  ready.forEach((each, n) =>
    attempt(each, () => {
      const { said } = host.runSteps(plans[n]?.steps ?? []);
      assert.equal(host.output(`cat ${each.point}/file`), 'precious\n', `I5: ${said}`);
    }),
  );
}
