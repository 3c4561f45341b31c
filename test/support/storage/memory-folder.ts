import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputOf } from '../small-process.ts';

/**
 * A folder in memory for images of disks. Not below /dev: a file there may be a device, and every host that sees the loop
 * device (a host of the lab sees all of this machine) has to find out which one, and cannot.
 */
export function makeMemoryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `slab-${purpose}-`));
  outputOf('mount', ['-t', 'tmpfs', `slab-${purpose}`, folder]);
  return folder;
}

/** Ends it. Whoever still has a file of it open, for a moment longer, keeps that. */
export function removeMemoryFolder(folder: string): void {
  outputOf('umount', ['--lazy', folder]);
  rmdirSync(folder);
}
