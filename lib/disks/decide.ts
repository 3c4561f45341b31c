import { approvable } from './approval.ts';
import { describeContent, looksLikeTableOnly, ownName } from './content.ts';
import { decideReady } from './decide-ready.ts';
import { decideBlank, decidePending } from './decide-work.ts';
import type { Disk } from './identity.ts';
import { leastDisk, type FileSystem } from './layout.ts';
import { isMounted } from './own.ts';
import { findUnknowns } from './unknowns.ts';
import { findUsers } from './users.ts';
import { refuse, type Case, type Verdict } from './verdict.ts';

/**
 * THE table: facts → state → action. Read it from the top; the first line that holds decides.
 *
 * | # | seen | state | action |
 * | 1 | two devices answer to the name, or paths without multipath | AMBIGUOUS | refuse |
 * | 2 | anything that must be known is not: a scanner failed, a fact is missing | UNREADABLE | refuse |
 * | 3 | the running system is mounted from it | SYSTEM | refuse |
 * | 3 | a multipath device, unless it is mounted already | UNSUITABLE | refuse |
 * | 4 | the ledger has it retired | RETIRED | refuse, approvable |
 * | 5 | our name on it, "ready": marker fits | READY (DEGRADED) | use |
 * | 5 | the same, by a copy of the superblock of an ext4 whose first one is damaged | DEGRADED | use, mended before |
 * | 6 | our name on it, "ready": marker of another cluster, host, role | FOREIGN | refuse, approvable |
 * | 6 | the same, and a person agreed to take over exactly that, and nobody uses it | FOREIGN | adopt |
 * | 7 | our name on it, "ready": no marker, or it does not fit the disk | CHANGED | refuse, approvable |
 * | 8 | read only, removable, wrong size, too small | UNSUITABLE | refuse |
 * | 9 | in use by anybody | BUSY | refuse |
 * | 10 | our name on it, "pending", all ids ours | UNFINISHED | finish |
 * | 11 | our name on it, "pending", ids not ours | FOREIGN | refuse, approvable |
 * | 12 | pending, and somebody keeps files on it | OCCUPIED | refuse, approvable |
 * | 13 | no scanner sees anything but, at most, a piece of a table; all bytes zero | BLANK | format |
 * | 14 | the same, and it was READY before | CHANGED | refuse, approvable |
 * | 15 | the same, and what is not zero is a piece of our own table | UNFINISHED | finish |
 * | 16 | the same, and a byte cannot be read | UNREADABLE | refuse |
 * | 17 | anything else | OCCUPIED | refuse, approvable |
 *
 * Approvable: with an approval for this very disk, and the fingerprint of what is on it now, it is formatted.
 */
export function decideDisk(input: Case): Verdict {
  const { facts, disk, policy } = input;
  if (disk.ambiguous !== undefined) return refuse('AMBIGUOUS', disk.ambiguous);
  if (disk.serial === '')
    return refuse('AMBIGUOUS', 'it has no serial number: nothing would tell it from another disk');
  const unknown = findUnknowns(disk, facts);
  if (unknown.length > 0) return refuse('UNREADABLE', ...unknown, 'An unreadable disk is never blank.');
  const users = findUsers(disk, facts, () => false);
  if (!users.known) return refuse('UNREADABLE', users.why);
  if (users.system.length > 0)
    return refuse('SYSTEM', `the running system is on it: ${users.system.join(', ')}`);
  if (disk.block.dm?.uuid.startsWith('mpath-') === true && !isMounted(disk, facts))
    return refuse(
      'UNSUITABLE',
      `it is the multipath device ${disk.block.dm.name} of ${disk.paths.join(' and ')}: slab neither formats nor mounts one. Mount it by hand, or take one of the paths away.`,
    );
  if (input.lookFailed !== undefined) return refuse('UNREADABLE', input.lookFailed);
  if (typeof input.look?.disk === 'string') return refuse('UNREADABLE', input.look.disk);
  if (policy.record?.retired !== undefined) {
    const { at, why } = policy.record.retired;
    return approvable(
      input,
      refuse('RETIRED', `taken out of service on ${at.slice(0, 10)}: ${why}`),
      users.users,
    );
  }
  const name = ownName(disk);
  if (name?.state === 'ready') return decideReady(input, users.users);
  const unsuitable = [...input.unsuitable, ...demands(disk, policy.filesystem)];
  if (unsuitable.length > 0) return refuse('UNSUITABLE', ...unsuitable);
  if (users.users.length > 0) return refuse('BUSY', ...users.users.map((user) => `in use: ${user}`));
  if (name?.state === 'pending') return decidePending(input, name.label);
  if (looksLikeTableOnly(disk)) return decideBlank(input);
  return approvable(input, refuse('OCCUPIED', ...describeContent(disk)), users.users);
}

/** What any disk must be to be written to, beside what is declared. */
function demands({ block }: Disk, filesystem: FileSystem): readonly string[] {
  const size = block.sizeBytes ?? 0;
  const least = leastDisk(filesystem);
  return [
    ...(block.readOnly === false ? [] : ['it is read only']),
    ...(block.removable === false ? [] : ['it is removable']),
    ...(size >= least
      ? []
      : [`it is too small for ${filesystem}: ${size} bytes, and with its table that takes ${least}`]),
  ];
}
