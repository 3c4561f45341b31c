import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import type { HostFacts } from '../../lib/disks/facts.ts';
import { listDisks, type Disk } from '../../lib/disks/identity.ts';
import { parseFacts } from '../../lib/disks/parse-facts.ts';

/** What a real host answered, one loop device for each content; each disk's serial number is the content's name (record.sh). */
export function recordedAnswer(name = 'debian12'): Uint8Array {
  return readFileSync(new URL(`./recorded/${name}.txt`, import.meta.url));
}

/** An answer of the probe, read. */
export function factsOf(stdout: Uint8Array): HostFacts {
  const facts = parseFacts({ code: 0, stdout, stderr: '' });
  assert.ok(facts.read, facts.read ? '' : facts.why);
  return facts.value;
}

/** The disk of a host with this serial number. */
export function diskNamed(facts: HostFacts, serial: string): Disk {
  const disk = listDisks(facts).find((each) => each.serial === serial);
  assert.ok(disk, `there is a disk ${serial}`);
  return disk;
}
