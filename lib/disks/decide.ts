import { decideAdoption } from './adoption.ts';
import { heedApproval } from './approval.ts';
import { bytesOf, readBlankProof } from './blank-proof.ts';
import { describeContent, looksLikeTableOnly, ownName, readGpt } from './content.ts';
import { isPartOf, tableImage } from './gpt.ts';
import type { Disk } from './identity.ts';
import { diskIds, type DiskIds } from './ids.ts';
import { dataPartition, leastBytes, type FileSystem } from './layout.ts';
import { readMarker } from './marker.ts';
import { fitsTable, geometry, isMounted, markerOf, misfits, mountPoints, sharesIds } from './own.ts';
import { findUnknowns } from './unknowns.ts';
import { findUsers } from './users.ts';
import { lookFor, refuse, type Case, type Verdict } from './verdict.ts';

/**
 * THE table: facts → state → action. Read it from the top; the first line that holds decides.
 *
 * | # | seen | state | action |
 * | 1 | two devices answer to the name, or paths without multipath | AMBIGUOUS | refuse |
 * | 2 | anything that must be known is not: a scanner failed, a fact is missing | UNREADABLE | refuse |
 * | 3 | the running system is mounted from it | SYSTEM | refuse |
 * | 4 | the ledger has it retired | RETIRED | refuse, approvable |
 * | 5 | our name on it, "ready": marker fits | READY (DEGRADED) | use |
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
  const room = dataPartition(size).size;
  return [
    ...(block.readOnly === false ? [] : ['it is read only']),
    ...(block.removable === false ? [] : ['it is removable']),
    ...(room >= leastBytes[filesystem]
      ? []
      : [
          `it is too small for ${filesystem}: ${size} bytes, and the file system needs ${leastBytes[filesystem]}`,
        ]),
  ];
}

/** Lines 5 to 7: our name is on it and says that the work is done. */
function decideReady(input: Case, users: readonly string[]): Verdict {
  const { disk, facts, policy } = input;
  const mounted = markerOf(disk, facts);
  if (mounted === undefined && readGpt(disk) !== undefined && disk.partitions.length === 0)
    return refuse('UNREADABLE', `the kernel does not know its partition: partx -u ${disk.block.node}`);
  if (mounted === undefined && input.look?.peek === undefined) {
    if (isMounted(disk, facts))
      return refuse(
        'CHANGED',
        'it is mounted and its marker is missing. This was a configured disk. Not touched.',
      );
    return input.look === undefined
      ? lookFor('peek')
      : refuse('UNREADABLE', 'its file system could not be looked into');
  }
  const peek = input.look?.peek;
  if (mounted === undefined && /already mounted|busy/i.test(peek?.mounted ?? ''))
    return refuse('BUSY', 'it was mounted, or taken into use, while it was looked at. Plan again.');
  if (mounted === undefined && peek?.mounted !== null) {
    const words = `marked ready but it does not mount: ${peek?.mounted ?? ''}. This was a configured disk. Not touched.`;
    return peek?.unreadable === true
      ? refuse('UNREADABLE', words)
      : approvable(input, refuse('CHANGED', words), users);
  }
  const text = mounted?.text ?? peek?.marker ?? '';
  const marker = readMarker(text);
  if (marker === undefined)
    return approvable(
      input,
      refuse('CHANGED', 'marked ready but marker missing. This was a configured disk. Not touched.'),
      users,
    );
  const { cluster, host, role } = marker;
  if (cluster !== policy.cluster || host !== policy.host || role !== policy.role) {
    const refusal = refuse(
      'FOREIGN',
      `slab disk of cluster "${cluster}", host ${host}, role ${role}-${marker.n}. Take it back to where it belongs, use "slab disk adopt", or approve its destruction.`,
    );
    const { adoption } = policy;
    return adoption === undefined
      ? approvable(input, refusal, users)
      : decideAdoption(input, { marker, markerText: text }, { adoption, users, refusal });
  }
  const wrong = misfits(marker, disk);
  if (wrong.length > 0)
    return approvable(input, refuse('CHANGED', ...wrong, 'This was a configured disk. Not touched.'), users);
  const twin = policy.others.find((other) => other !== disk && sharesIds(other, marker));
  if (twin !== undefined)
    return refuse(
      'AMBIGUOUS',
      `${twin.serial || twin.block.name} has the same ids: one is a copy of the other`,
    );
  const gpt = readGpt(disk);
  const warnings = gpt?.warnings ?? [];
  return {
    state: warnings.length > 0 ? 'DEGRADED' : 'READY',
    action: { do: 'use', marker, markerText: text, mounted: mountPoints(disk, facts) },
    evidence: [
      `its marker says ${role}-${marker.n}`,
      ...warnings.map((warning) => `one copy of its table is damaged: ${warning}`),
      ...(marker.filesystem === policy.filesystem
        ? []
        : [`it is ${marker.filesystem}, and ${policy.filesystem} is declared: it stays what it is`]),
    ],
  };
}

/** Lines 10 to 12: our name is on it and says that the work is not done. */
function decidePending(input: Case, label: string): Verdict {
  const { disk, policy } = input;
  const mine = ownWork(input).find(({ ids }) => fitsTable(disk, ids, label));
  if (mine === undefined)
    return approvable(
      input,
      refuse('FOREIGN', `unfinished work of slab for another cluster, host or role ("${label}")`),
      [],
    );
  const format = { do: 'format', ids: mine.ids, gen: mine.gen } as const;
  // Its old content was given up by name; whatever shows through is that.
  if (label === mine.ids.approvedLabel)
    return {
      state: 'UNFINISHED',
      action: { ...format, mode: 'pending' },
      evidence: ['our format, approved before, stopped; it will be completed'],
    };
  const { look } = input;
  const words = 'our format stopped; it will be completed';
  // A kernel that has not read the table cannot mount it; format.sh looks into it before it does anything.
  if (disk.partitions.length === 0)
    return {
      state: 'UNFINISHED',
      action: { ...format, mode: 'pending' },
      evidence: [words, 'the kernel does not know its partition yet'],
    };
  if (look === undefined) return lookFor('peek');
  const { peek } = look;
  // No file system yet, or none that says so.
  if (peek === undefined) return refuse('UNREADABLE', 'its unfinished file system could not be looked into');
  if (peek.unreadable)
    return refuse('UNREADABLE', `its unfinished file system cannot be read: ${peek.mounted ?? ''}`);
  if (peek.mounted !== null)
    return {
      state: 'UNFINISHED',
      action: { ...format, mode: 'pending' },
      evidence: [words, `it does not mount: ${peek.mounted}`],
    };
  if (peek.entries.length > 0)
    return approvable(
      input,
      refuse('OCCUPIED', `our format stopped, and somebody keeps files on it: ${peek.entries.join(', ')}`),
      [],
    );
  const marker = readMarker(peek.marker ?? '');
  const whole =
    marker !== undefined &&
    marker.cluster === policy.cluster &&
    marker.host === policy.host &&
    marker.role === policy.role &&
    marker.gen === mine.gen &&
    misfits(marker, disk).length === 0;
  return whole
    ? {
        state: 'UNFINISHED',
        action: { ...format, mode: 'verify', markerText: peek.marker ?? '' },
        evidence: [words, 'all but the commit was done'],
      }
    : {
        state: 'UNFINISHED',
        action: { ...format, mode: 'pending' },
        evidence: [words, 'its file system is empty'],
      };
}

/** Lines 13 to 16: nothing is seen, and that has to be proved byte by byte. */
function decideBlank(input: Case): Verdict {
  const { disk, policy, look } = input;
  if (look === undefined) return lookFor('blank');
  const proof = readBlankProof(look, disk.block, 'disk');
  if (proof.found === 'no answer') return refuse(proof.state, proof.why);
  const seen = describeContent(disk);
  if (proof.found === 'data')
    return approvable(
      input,
      refuse('OCCUPIED', ...seen, `not blank: what was read is not zero (offset and length: ${proof.where})`),
      [],
    );
  if (proof.found === 'ends') {
    const ends = { head: bytesOf(proof.head), tail: bytesOf(proof.tail) };
    const mine = ownWork(input).find(({ ids }) =>
      isPartOf(
        ends,
        [ids.pendingLabel, ids.approvedLabel].map((label) =>
          tableImage({ ...geometry(disk), ...ids, label }),
        ),
        disk.block.sectorSize ?? 512,
      ),
    );
    return mine === undefined
      ? approvable(
          input,
          refuse('OCCUPIED', ...seen, 'not blank: its first or last sectors are not zero'),
          [],
        )
      : {
          state: 'UNFINISHED',
          action: { do: 'format', mode: 'partial', ids: mine.ids, gen: mine.gen },
          evidence: ['our own partition table, cut short; the rest is zero'],
        };
  }
  // Scanners that see something where all bytes are zero do not agree with the bytes.
  if (seen.length > 0) return refuse('UNREADABLE', ...seen, 'and yet all that was read is zero');
  const { record } = policy;
  if (record?.lastReady !== undefined)
    return approvable(
      input,
      refuse(
        'CHANGED',
        `was READY on ${record.lastReady.slice(0, 10)} and reads all zero now. Treated as a fault, not as a new disk.`,
      ),
      [],
    );
  if (policy.whenBlank === 'refuse')
    return refuse('BLANK', proof.words, 'and "when_blank: refuse" is declared');
  const gen = record?.gen ?? 0;
  return {
    state: 'BLANK',
    action: { do: 'format', mode: 'blank', ids: idsOf(input, gen), gen },
    evidence: [proof.words, record === undefined ? 'never seen before' : 'never READY before'],
  };
}

/** An approval for this disk, with the fingerprint of what is on it now, allows what is refused otherwise; nobody may use it meanwhile. */
function approvable(input: Case, refusal: Verdict, users: readonly string[]): Verdict {
  const { policy, disk, look } = input;
  const { approval } = policy;
  if (approval === undefined) return refusal;
  if (users.length > 0) return refuse('BUSY', ...refusal.evidence, ...users.map((user) => `in use: ${user}`));
  const fits =
    approval.host === policy.host &&
    approval.serial === disk.serial &&
    approval.sizeBytes === disk.block.sizeBytes;
  return heedApproval(refusal, approval, {
    misfit: fits ? undefined : 'the approval is for another host, serial number or size',
    look,
    action: {
      do: 'format',
      mode: 'approved',
      ids: idsOf(input, approval.gen),
      gen: approval.gen,
      fingerprint: approval.fingerprint,
    },
  });
}

function idsOf({ policy, disk }: Case, gen: number): DiskIds {
  return diskIds({ ...policy, serial: disk.serial, gen });
}

/** The ids that unfinished work of ours may have: of this generation, and of the one that an approval would make. */
function ownWork(input: Case): readonly { readonly ids: DiskIds; readonly gen: number }[] {
  const { record, approval } = input.policy;
  const newest = Math.max(record?.gen ?? 0, approval?.gen ?? 0) + 1;
  return Array.from({ length: newest + 1 }, (_, gen) => ({ gen, ids: idsOf(input, gen) }));
}
