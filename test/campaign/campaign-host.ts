import { DiskHost } from '../support/disk-host.ts';

/**
 * A host whose disks get ids that no other run on this machine gives: btrfs refuses a UUID that is in use already.
 * @param ownProcesses whether it sees its own processes alone, as a host does: each proof that a disk is free looks at
 * all, and those of the other runs are many.
 */
export function campaignHost({ ownProcesses }: { readonly ownProcesses: boolean }): DiskHost {
  const host = new DiskHost();
  host.ownProcesses = ownProcesses;
  host.records = { ...host.records, environment: `campaign-${process.pid}` };
  return host;
}
