import type { Answer, Facts } from '../../disks/facts.ts';
import type { Look } from '../../disks/read-look.ts';

/** What was seen of a host's disks: its facts, and closer looks by the kernel's name of the disk. */
export type DiskObserved = {
  readonly facts: Facts;
  readonly looks: Readonly<Record<string, Answer<Look>>>;
};
