import assert from 'node:assert/strict';
import type { FileSystem } from '../../lib/disks/layout.ts';
import type { DiskHost, HostDisk } from '../support/disk-host.ts';
import { runSmall } from '../support/small-process.ts';

/** What looks a file system through and writes nothing; ends with 0 where nothing is wrong. */
const CHECKS = {
  xfs: ['xfs_repair', '-n'],
  ext4: ['e2fsck', '-f', '-n'],
  btrfs: ['btrfs', 'check', '--readonly'],
} as const;

/** I5: a disk that is ready is sound, by its own tools: unmounts it, and looks it through. */
export function checkFilesystem(
  host: DiskHost,
  {
    point,
    disk,
    filesystem,
  }: { readonly point: string; readonly disk: HostDisk; readonly filesystem: FileSystem },
): void {
  host.output(`umount ${point}`);
  const [command, ...args] = CHECKS[filesystem];
  const { status, stdout, stderr } = runSmall(command, [...args, `${disk.device.path}p1`]);
  assert.equal(status, 0, `I5: ${command} found damage: ${stdout.toString()}${stderr}`);
}
