import assert from 'node:assert/strict';
import type { Project } from './slab.ts';

/** The link of udev to a SCSI disk of a virtual machine, by its serial number. */
export const linkOf = (serial: string): string => `/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_${serial}`;

/** The state of an array of the disks A1 and A2, each of which holds all of it. */
export const MIRROR = `/dev/md/data:
  raid.present:
    - level: 1
    - devices: ['${linkOf('A1')}', '${linkOf('A2')}']
`;

/** Approves that what is on a disk goes, by the fingerprint that is shown of it. @param serial of a volume: its uuid. */
export async function approveDisk(project: Project, host: string, serial: string): Promise<void> {
  const shown = await project.slab('disk', 'show', host, serial);
  const fingerprint = /--fingerprint ([0-9a-f]{16})/.exec(shown.all)?.[1] ?? '';
  const words = ['--fingerprint', fingerprint, '--reason', 'test'];
  const approved = await project.slab('disk', 'approve', host, serial, ...words);
  assert.equal(approved.code, 0, shown.all + approved.all);
}
