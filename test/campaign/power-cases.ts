import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../lib/model/json.ts';
import { hashOf } from '../support/disk-host.ts';
import { MIB } from '../support/storage/disk-size.ts';
import { exportFaulty } from '../support/storage/faulty-disk.ts';
import { readWriteLog, replayUntil, sparseFile, type Fate } from '../support/storage/write-log.ts';
import { campaignHost } from './campaign-host.ts';
import { isMounted, type CaseEnd } from './content-cases.ts';
import type { Random } from './random.ts';

/** A format that was logged, to be cut anywhere. */
export interface LoggedFormat {
  readonly log: string;
  readonly sizeBytes: number;
  readonly sectorSize: 512 | 4096;
  readonly filesystem: string;
  readonly wanted: Readonly<Record<string, Json>>;
  readonly writes: number;
}

/** Formats a blank disk behind a log of its writes, once for every sort of file system. */
export async function logFormat(
  folder: string,
  filesystem: 'xfs' | 'ext4' | 'btrfs',
  sectorSize: 512 | 4096,
): Promise<LoggedFormat> {
  const sizeBytes = 320 * MIB;
  const wanted = {
    ...{ serials: ['S1'], count: 1, mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' },
    filesystem,
  };
  const file = join(folder, `${filesystem}-${sectorSize}`);
  const log = `${file}.log`;
  sparseFile(file, sizeBytes);
  await runLogged(file, mkdtempSync(join(folder, 'd-')), { log, wanted, sectorSize });
  rmSync(file);
  return { log, sizeBytes, sectorSize, filesystem, wanted, writes: readWriteLog(log).length };
}

interface Logged {
  readonly log: string;
  readonly wanted: Readonly<Record<string, Json>>;
  readonly sectorSize: 512 | 4096;
}

/** Runs slab on a disk whose writes are logged. */
async function runLogged(file: string, folder: string, { log, wanted, sectorSize }: Logged): Promise<void> {
  const host = campaignHost();
  const disk = await exportFaulty(file, folder, { log });
  try {
    host.boot();
    host.insert('S1', { file: disk.path, sectorSize });
    const { codes, said } = host.apply(wanted);
    assert.ok(codes.length > 0 && codes.every((code) => code === 0), said);
    host.output('umount /srv/object/1');
  } finally {
    host.end();
    await disk.remove();
  }
}

/**
 * Cuts the power at a random write of a format, once or twice, and lets slab go on: it reaches READY without asking
 * anybody, from whatever is left. @throws AssertionError when it does not, or when another disk was touched.
 */
export async function playPowerCase(format: LoggedFormat, random: Random): Promise<CaseEnd> {
  const folder = mkdtempSync('/dev/shm/slab-cut-');
  const { sectorSize, wanted, sizeBytes } = format;
  const file = join(folder, 'disk');
  sparseFile(file, sizeBytes);
  let cut = random.below(format.writes + 1);
  const cuts = [`${cut}/${format.writes}`];
  const fate = (): Fate => (random.chance(0.5) ? 'kept' : random.chance(0.6) ? 'lost' : 'torn');
  replayUntil(format.log, file, cut, fate, () => random.chance(0.5));
  try {
    if (random.chance(0.25)) {
      // The run that goes on is cut as well.
      const second = join(folder, 'log');
      const resumed = join(folder, 'resumed');
      execFileSync('cp', ['--sparse=always', file, resumed]);
      await runLogged(resumed, mkdtempSync(join(folder, 'd-')), { log: second, wanted, sectorSize });
      const writes = readWriteLog(second).length;
      cut = random.below(writes + 1);
      cuts.push(`${cut}/${writes}`);
      replayUntil(second, file, cut, fate, () => random.chance(0.5));
    }
    return {
      title: `${format.filesystem} ${sectorSize} cut ${cuts.join(', then ')}`,
      end: resume(file, format),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function resume(file: string, { sectorSize, wanted }: LoggedFormat): string {
  const host = campaignHost();
  try {
    host.boot();
    const neighbour = host.insert('S2', { sizeBytes: 16 * MIB });
    host.output(`printf neighbour | dd of=${neighbour.device.path} conv=notrunc status=none; sync`);
    const untouched = hashOf(neighbour);
    const { device } = host.insert('S1', { file, sectorSize });
    // A kernel reads the table of a disk that appears; not every kernel is built to, so it is told.
    host.run(`partx --add ${device.path}`);
    const { plan, said } = host.apply(wanted);
    const found = plan.diff.disks?.[0]?.state ?? 'none';
    assert.ok(isMounted(host), `${found}: ${JSON.stringify(plan.diff.disks)}\n${said}`);
    assert.match(host.output('cat /srv/object/1/.slab/disk.json'), /"serial":"S1"/);
    host.output('echo precious >/srv/object/1/file; sync');
    assert.deepEqual(host.plan(wanted).diff.changes, [], 'a second plan is empty');
    assert.equal(hashOf(neighbour), untouched, 'a neighbour was written to');
    return found;
  } finally {
    host.end();
  }
}
