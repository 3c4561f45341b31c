import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Json } from '../../lib/model/json.ts';
import type { DiskHost } from '../support/disk-host.ts';

/** Arguments of a `disk.data`. */
export type Arguments = Readonly<Record<string, Json>>;

/** A case of a run: a run handles several disks, and each is a case of its own. */
export interface Slot {
  readonly serial: string;
  readonly role: string;
  /** Where its disk is mounted. */
  readonly point: string;
  readonly wanted: Arguments;
}

/** What a case came to. */
export interface CaseEnd {
  readonly seed: number;
  readonly title: string;
  /** What the table of a layer counts: `formatted`, `kept`, `refused: BUSY`, `fault not staged: step killed`. */
  readonly end: string;
  /** Which invariant does not hold. */
  readonly violation?: string;
}

/** The place of the n-th case of a run, from 0. */
export function slotOf(n: number, filesystem: string): Slot {
  const [serial, role] = [`S${n + 1}`, `object${n}`];
  const wanted = {
    ...{ role, serials: [serial], count: 1, mount: `/srv/${role}/{n}`, filesystem },
    ...{ when_blank: 'format', persist: 'none' },
  };
  return { serial, role, point: `/srv/${role}/1`, wanted };
}

/** Whether a disk is mounted there: a place that is kept shut for want of one is a mount point, too. */
export function isMounted(host: DiskHost, { point }: Slot): boolean {
  // Below it the place may be kept shut.
  return host.mounts().some((mount) => mount.point === point && mount.source.startsWith('/dev/'));
}

/** Sectors that were written to a block device since it appeared, by the kernel's count. */
export function writesTo(device: string): number {
  const words = readFileSync(`/sys/class/block/${device.slice('/dev/'.length)}/stat`, 'utf8');
  const sectors = words.trim().split(/\s+/)[6];
  assert.ok(sectors !== undefined);
  return Number(sectors);
}

/** The words of whatever was thrown, and where. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message}\n${error.cause === undefined ? (error.stack ?? '') : reasonOf(error.cause)}`;
}

/**
 * Runs something while a file system holds still: kernels write to it on their own, half a minute after its last change or
 * to make what mkfs.ext4 left out. What is written to the disk meanwhile is written by somebody.
 */
export function whileStill<T>(host: DiskHost, points: readonly string[], act: () => T): T {
  const each = (way: string) => points.map((point) => `fsfreeze ${way} ${point}`).join('\n');
  host.output(each('--freeze'));
  try {
    return act();
  } finally {
    host.output(each('--unfreeze'));
  }
}
