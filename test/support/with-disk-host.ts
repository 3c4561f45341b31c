import { after, afterEach, before, beforeEach } from 'mocha';
import { DiskHost, type HostDisk } from './disk-host.ts';

/**
 * One host with disks for the tests of the `describe` it is called in. After each test it boots, and the disks that the
 * test has put in are taken out.
 */
export function withDiskHost(): DiskHost {
  const host = new DiskHost();
  let staying: readonly HostDisk[] = [];
  before(() => host.boot());
  beforeEach(() => {
    staying = host.disks;
  });
  afterEach(() => {
    host.boot();
    for (const disk of host.disks) if (!staying.includes(disk)) host.remove(disk);
  });
  after(() => host.end());
  return host;
}
