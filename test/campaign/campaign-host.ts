import { DiskHost } from '../support/disk-host.ts';

/** A host whose disks get ids that no other run on this machine gives: btrfs refuses a UUID that is in use already. */
export function campaignHost(): DiskHost {
  const host = new DiskHost();
  host.records = { ...host.records, environment: `campaign-${process.pid}` };
  return host;
}
