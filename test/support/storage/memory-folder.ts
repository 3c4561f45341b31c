import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder in memory for images of disks. Not below /dev: a file there may be a device, and every host that sees the loop
 * device (a host of the lab sees all of this machine) has to find out which one, and cannot.
 */
export function makeMemoryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `slab-${purpose}-`));
  execFileSync('mount', ['-t', 'tmpfs', `slab-${purpose}`, folder]);
  return folder;
}

/** Ends it. Whoever still has a file of it open, for a moment longer, keeps that. */
export function removeMemoryFolder(folder: string): void {
  execFileSync('umount', ['--lazy', folder]);
  rmdirSync(folder);
}
