import { readFileSync } from 'node:fs';
import { DiskHost } from '../support/disk-host.ts';

/**
 * Prints what facts.sh answers on a host with two disks of ours that are mounted, and one that is blank.
 *   unshare -m -p -f --mount-proc node --import=tsx test/disks/record-ready.ts > test/disks/recorded/ready.txt
 */
const host = new DiskHost();
host.boot();
try {
  for (const serial of ['S1', 'S2', 'S3']) host.insert(serial);
  const args = { serials: ['S1', 'S2'], mount: '/srv/object/{n}', when_blank: 'format', persist: 'none' };
  const { said } = host.apply(args);
  process.stderr.write(said);
  process.stdout.write(
    host.output(readFileSync(new URL('../../lib/disks/facts.sh', import.meta.url), 'utf8')),
  );
} finally {
  host.end();
}
