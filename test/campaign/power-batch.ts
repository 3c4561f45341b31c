import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSystem } from '../../lib/disks/layout.ts';
import { type DiskHost, type HostDisk } from '../support/disk-host.ts';
import { hashOf } from '../support/storage/image-hash.ts';
import { MIB } from '../support/storage/disk-size.ts';
import { exportFaulty, type DiskFaults } from '../support/storage/faulty-disk.ts';
import { makeMemoryFolder, removeMemoryFolder } from '../support/storage/memory-folder.ts';
import { readWriteLog, replayUntil, sparseFile, type Fate } from '../support/storage/write-log.ts';
import { campaignHost } from './campaign-host.ts';
import { checkFilesystem } from './check-filesystem.ts';
import { Random } from './random.ts';
import { isMounted, reasonOf, slotOf, whileStill, writesTo, type CaseEnd, type Slot } from './slot.ts';

/** What is cut: the seed of a case decides, so that a run of so many cases has each equally often. */
const FORMATS = [
  { filesystem: 'xfs', sectorSize: 512, sizeBytes: 302 * MIB },
  { filesystem: 'ext4', sectorSize: 512, sizeBytes: 40 * MIB },
  { filesystem: 'btrfs', sectorSize: 512, sizeBytes: 116 * MIB },
  { filesystem: 'xfs', sectorSize: 4096, sizeBytes: 302 * MIB },
] as const satisfies readonly Format[];

interface Format {
  readonly filesystem: FileSystem;
  readonly sectorSize: 512 | 4096;
  readonly sizeBytes: number;
}

/** How many cases a run has at most. */
export const POWER_BATCH = 6 * FORMATS.length;

/** A format that was logged, to be cut anywhere. */
interface LoggedFormat extends Slot, Format {
  readonly log: string;
  readonly writes: number;
}

/** Formats blank disks behind logs of their writes: one for each case of a run, used by all runs. */
export async function logFormats(folder: string): Promise<readonly LoggedFormat[]> {
  const slots = Array.from({ length: POWER_BATCH }, (_, n) => {
    const format = FORMATS[n % FORMATS.length] ?? FORMATS[0];
    const file = join(folder, `disk${n}`);
    sparseFile(file, format.sizeBytes);
    return { ...slotOf(n, format.filesystem), ...format, file, faults: { log: `${file}.log` } };
  });
  const said = await runBehind(slots);
  return slots.map((slot, n) => {
    rmSync(slot.file);
    const writes = readWriteLog(slot.faults.log).length;
    assert.ok(writes > 50, said[n]);
    return { ...slot, log: slot.faults.log, writes };
  });
}

interface Behind extends Slot, Format {
  readonly file: string;
  readonly faults: DiskFaults;
}

/** Runs slab on disks with something between them and their files. @returns what it said of each. */
async function runBehind(slots: readonly Behind[]): Promise<readonly string[]> {
  const host = campaignHost({ ownProcesses: true });
  const folder = makeMemoryFolder('behind');
  const exported = [];
  try {
    host.boot();
    for (const { file, faults, serial, sectorSize } of slots) {
      const disk = await exportFaulty(file, mkdtempSync(join(folder, 'd-')), faults);
      exported.push(disk);
      host.run(`partx --add ${host.insert(serial, { file: disk.path, sectorSize }).device.path}`);
    }
    const plans = host.planAll(slots.map(({ wanted }) => wanted));
    return slots.map(({ point }, n) => {
      const { said } = host.runSteps(plans[n]?.steps ?? []);
      // In this namespace only a disk that is ready is mounted there.
      host.run(`umount -R ${point}`);
      return JSON.stringify(plans[n]?.diff.disks) + said;
    });
  } finally {
    host.end();
    for (const disk of exported) await disk.remove();
    removeMemoryFolder(folder);
  }
}

interface Cutting extends LoggedFormat {
  readonly seed: number;
  readonly random: Random;
  readonly file: string;
  readonly words: string[];
}

/**
 * Cuts the power at a random write of a format, once or twice, or lets a write fail, and lets slab go on: it reaches READY
 * without asking anybody, from whatever is left.
 */
export async function playPowerBatch(
  formats: readonly LoggedFormat[],
  seeds: readonly number[],
): Promise<readonly CaseEnd[]> {
  const folder = makeMemoryFolder('cut');
  try {
    const cases = seeds.map((seed, n): Cutting => {
      const random = new Random(seed);
      // So many seeds in a row have so many places.
      const format = formats[seed % formats.length] ?? assert.fail('there are logs');
      const file = join(folder, `disk${n}`);
      sparseFile(file, format.sizeBytes);
      return { ...format, seed, random, file, words: [] };
    });
    const failing = cases.filter(({ random }) => random.chance(0.15));
    const cut = cases.filter((each) => !failing.includes(each));
    for (const each of cut) cutPower(each, each.log);
    const twice = cut.filter(({ random }) => random.chance(0.25));
    await cutAgain(twice, folder);
    await failWrites(failing);
    return resume(cases);
  } finally {
    removeMemoryFolder(folder);
  }
}

/** Leaves on the image what a power cut at a random write of the log leaves. */
function cutPower({ random, file, words }: Cutting, log: string): void {
  const writes = readWriteLog(log).length;
  const cut = random.below(writes + 1);
  const fate = (): Fate => (random.chance(0.5) ? 'kept' : random.chance(0.6) ? 'lost' : 'torn');
  replayUntil(log, file, cut, fate, () => random.chance(0.5));
  words.push(`cut ${cut}/${writes}`);
}

/** The run that goes on is cut as well. */
async function cutAgain(cases: readonly Cutting[], folder: string): Promise<void> {
  if (cases.length === 0) return;
  const slots = cases.map((each, n): Behind => {
    const file = join(folder, `resumed${n}`);
    copyFileSync(each.file, file);
    return { ...each, file, faults: { log: `${file}.log` } };
  });
  await runBehind(slots);
  cases.forEach((each, n) => cutPower(each, slots[n]?.faults.log ?? ''));
}

/** The format runs on a disk of which one write, or one flush, fails. */
async function failWrites(cases: readonly Cutting[]): Promise<void> {
  if (cases.length === 0) return;
  const slots = cases.map((each): Behind => {
    const { random, log, words } = each;
    const writes = readWriteLog(log).filter(({ length }) => length > 0);
    const sector = Math.floor(random.pick(writes).offset / 512);
    const once = random.chance(0.5);
    const error = random.chance(0.2)
      ? ({ on: 'flush', once } as const)
      : ({ on: 'write', sector, once } as const);
    words.push(`${error.on} fails${once ? ' once' : ''} (${'sector' in error ? error.sector : 'any'})`);
    return { ...each, faults: { errors: [error] } };
  });
  await runBehind(slots);
}

/** Lets slab go on with what is left, in one run, on sound disks. */
function resume(cases: readonly Cutting[]): readonly CaseEnd[] {
  const host = campaignHost({ ownProcesses: true });
  try {
    host.boot();
    const neighbour = host.insert('S0', { sizeBytes: 16 * MIB });
    host.output(`printf neighbour | dd of=${neighbour.device.path} conv=notrunc status=none; sync`);
    const untouched = hashOf(neighbour);
    const disks = cases.map(({ serial, file, sectorSize }) => {
      const disk = host.insert(serial, { file, sectorSize });
      // A kernel reads the table of a disk that appears; not every kernel is built to, so it is told.
      host.run(`partx --add ${disk.device.path}`);
      return disk;
    });
    const plans = host.planAll(cases.map(({ wanted }) => wanted));
    const ends = cases.map((each, n): CaseEnd => {
      const { diff, steps } = plans[n] ?? assert.fail('a plan for each');
      const { said } = host.runSteps(steps);
      const title = `${each.filesystem} ${each.sectorSize} ${each.words.join(', then ')}`;
      const end = { seed: each.seed, title, end: diff.disks?.[0]?.state ?? 'none' };
      const why = `${JSON.stringify(diff.disks)}\n${said}`;
      return { ...end, ...violated(() => assert.ok(isMounted(host, each), `I4: not resumed: ${why}`)) };
    });
    const points = cases.filter((each) => isMounted(host, each)).map(({ point }) => point);
    const rested = whileStill(host, points, () => rest(host, { cases, ends, disks, untouched, neighbour }));
    return rested.map((end, n) => {
      const [each, disk] = [cases[n], disks[n]];
      if (each === undefined || disk === undefined || end.violation !== undefined) return end;
      return { ...end, ...violated(() => checkFilesystem(host, { ...each, disk })) };
    });
  } finally {
    host.end();
  }
}

interface Resting {
  readonly cases: readonly Cutting[];
  readonly ends: readonly CaseEnd[];
  readonly disks: readonly HostDisk[];
  readonly neighbour: HostDisk;
  readonly untouched: string;
}

/** I6: another plan finds nothing to do, and writes nothing. */
function rest(host: DiskHost, { cases, ends, disks, neighbour, untouched }: Resting): readonly CaseEnd[] {
  const devices = disks.map(({ device }) => device.path);
  const counted = devices.map((device) => writesTo(device));
  const again = host.planAll(cases.map(({ wanted }) => wanted));
  const now = hashOf(neighbour);
  return ends.map((end, n) => {
    const { point, serial } = cases[n] ?? assert.fail('a case for each');
    const check = () => {
      assert.match(host.output(`cat ${point}/.slab/disk.json`), new RegExp(`"serial":"${serial}"`));
      assert.deepEqual(again[n]?.diff.changes, [], 'I6: a second plan is empty');
      assert.equal(writesTo(devices[n] ?? ''), counted[n], 'I6: a second plan writes nothing');
      assert.equal(now, untouched, 'I4: a neighbour was written to');
    };
    return end.violation === undefined ? { ...end, ...violated(check) } : end;
  });
}

function violated(check: () => void): Pick<CaseEnd, 'violation'> {
  try {
    check();
    return {};
  } catch (error) {
    return { violation: reasonOf(error) };
  }
}
