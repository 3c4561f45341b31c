import assert from 'node:assert/strict';
import { closeSync, openSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { listDisks } from '../../lib/disks/identity.ts';
import { parseFacts } from '../../lib/disks/parse-facts.ts';
import { readLook } from '../../lib/disks/read-look.ts';
import { copyScript, endsOf, factsScript, lookScript } from '../../lib/disks/scripts.ts';
import type { DiskApproval } from '../../lib/model/records.ts';
import type { SectionResult } from '../../lib/model/script.ts';
import type { DiskHost } from '../support/disk-host.ts';

/** What a person agrees to, and the copy of both ends that is taken before, where one is asked for. */
export interface Agreement {
  readonly approval: DiskApproval;
  readonly undo: readonly { readonly offset: number; readonly bytes: Buffer }[];
}

/** Whose disks somebody agrees to lose, and of which of them a copy is taken: that costs as much as all else of it. */
interface Agreeing {
  readonly serials: readonly string[];
  readonly kept: readonly string[];
}

/** Asks a host for the facts of all its disks. */
export function askFacts(host: DiskHost): SectionResult {
  return host.run(`{\n${factsScript.text}\n} </dev/null`);
}

/**
 * Agrees to the destruction of what is on some disks now, as `slab disk approve` does.
 * @param heard the facts of the host as it is.
 * @returns by serial number; a disk that nobody can agree to is left out.
 */
export function agreeTo(
  host: DiskHost,
  heard: SectionResult,
  { serials, kept }: Agreeing,
): ReadonlyMap<string, Agreement> {
  const ask = (text: string) => host.run(`{\n${text}\n} </dev/null`);
  const facts = parseFacts(heard);
  assert.ok(facts.read);
  const agreed = new Map<string, Agreement>();
  for (const disk of listDisks(facts.value)) {
    if (!serials.includes(disk.serial)) continue;
    const look = readLook(
      ask(lookScript(disk, facts.value, { wanted: ['fingerprint'], filesystem: 'xfs' }).text),
    );
    const fingerprint = look.read ? look.value.fingerprint : undefined;
    if (fingerprint === undefined) continue;
    const ends = kept.includes(disk.serial) ? endsOf(disk) : [];
    const undo = ends.map(({ offset, length }) => ({
      offset,
      bytes: gunzipSync(ask(copyScript(disk, facts.value, { offset, length }).text).stdout),
    }));
    agreed.set(disk.serial, {
      undo,
      approval: {
        ...{ host: host.records.host, serial: disk.serial, sizeBytes: disk.block.sizeBytes ?? 0 },
        ...{ fingerprint, reason: 'RMA', by: 'anna', expires: '2099-01-01T00:00:00Z', gen: 1 },
      },
    });
  }
  return agreed;
}

/** I12: what was kept is what was there, byte for byte. */
export function assertKept(file: string, { undo }: Agreement): void {
  const open = openSync(file, 'r');
  try {
    for (const { offset, bytes } of undo) {
      const there = Buffer.alloc(bytes.length);
      readSync(open, there, 0, there.length, offset);
      assert.ok(bytes.length > 0 && bytes.equals(there), `the copy of what is at ${offset} is another`);
    }
  } finally {
    closeSync(open);
  }
}
