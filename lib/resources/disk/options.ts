import type { Mount } from '../../disks/facts.ts';
import { isReadOnly } from '../../disks/mountinfo.ts';

/** Options of the mount itself, which the kernel changes while it is in use. */
const LIVE = [
  ...['nosuid', 'suid', 'nodev', 'dev', 'noexec', 'exec', 'noatime', 'relatime', 'strictatime'],
  ...['nodiratime', 'rw', 'ro', 'sync', 'lazytime'],
];

/** Options that mean nothing to the kernel, or are what there is without them. */
const QUIET =
  /^(defaults|auto|noauto|nofail|_netdev|user|nouser|x-.*|rw|suid|dev|exec|async|atime|diratime)$/;

/** How the options of a mount differ from what is declared. */
export interface OptionDrift {
  /** Missing ones that can be given to it while it is in use. */
  readonly live: readonly string[];
  /** Missing ones that only hold once it is mounted anew. */
  readonly anew: readonly string[];
  /** It is read only although that is not declared: the kernel may have found errors. */
  readonly turnedReadOnly: boolean;
}

/** Compares declared options with those in mountinfo, its own and the file system's taken together. */
export function compareOptions(declared: readonly string[], mount: Mount): OptionDrift {
  const seen = new Set([...mount.options, ...mount.superOptions]);
  // What the kernel shows of strictatime is neither of the others.
  const isThere = (option: string): boolean =>
    option === 'strictatime' ? !seen.has('noatime') && !seen.has('relatime') : seen.has(option);
  const missing = declared.filter((option) => !QUIET.test(option) && !isThere(option));
  return {
    live: missing.filter((option) => LIVE.includes(option)),
    anew: missing.filter((option) => !LIVE.includes(option)),
    turnedReadOnly: (seen.has('ro') || isReadOnly(mount)) && !declared.includes('ro'),
  };
}
