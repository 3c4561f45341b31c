import { approvable, idsOf } from './approval.ts';
import { bytesOf, readBlankProof } from './blank-proof.ts';
import { describeContent, fieldsOf, signaturesOf } from './content.ts';
import { isPartOf, tableImage } from './gpt.ts';
import type { DiskIds } from './ids.ts';
import type { Disk } from './identity.ts';
import { readMarker } from './marker.ts';
import { fitsTable, geometry, misfits } from './own.ts';
import { lookFor, refuse, type Case, type Verdict } from './verdict.ts';

/** Lines 10 to 12: our name is on it and says that the work is not done. */
export function decidePending(input: Case, label: string): Verdict {
  const { disk, policy } = input;
  const mine = ownWork(input).find(({ ids }) => fitsTable(disk, ids, label));
  if (mine === undefined)
    return approvable(
      input,
      refuse('FOREIGN', `unfinished work of slab for another cluster, host or role ("${label}")`),
      [],
    );
  const format = { do: 'format', ids: mine.ids, gen: mine.gen } as const;
  const approved = label === mine.ids.approvedLabel;
  const words = `our format, ${approved ? 'approved before, ' : ''}stopped; it will be completed`;
  const begin: Verdict = {
    state: 'UNFINISHED',
    action: { ...format, mode: 'pending' },
    evidence: [words],
  };
  // Its old content was given up by name; whatever shows through is that, but not what is in a file system that we made since.
  if (approved && !mayBeOurs(input, mine.ids)) return begin;
  const { look } = input;
  // A kernel that has not read the table cannot mount it; format.sh looks into it before it does anything.
  if (disk.partitions.length === 0)
    return { ...begin, evidence: [words, 'the kernel does not know its partition yet'] };
  if (look === undefined) return lookFor('peek');
  const { peek } = look;
  // No file system yet, or none that says so.
  if (peek === undefined) return refuse('UNREADABLE', 'its unfinished file system could not be looked into');
  if (peek.unreadable)
    return refuse('UNREADABLE', `its unfinished file system cannot be read: ${peek.mounted ?? ''}`);
  if (peek.mounted !== null) return { ...begin, evidence: [words, `it does not mount: ${peek.mounted}`] };
  if (approved && peek.copyId !== undefined && peek.copyId !== mine.ids.fsUuid.replaceAll('-', ''))
    return begin;
  if (peek.entries.length > 0)
    return approvable(
      input,
      refuse('OCCUPIED', `our format stopped, and somebody keeps files on it: ${peek.entries.join(', ')}`),
      [],
    );
  const marker = readMarker(peek.marker ?? '');
  const whole =
    marker !== undefined &&
    peek.copy === undefined &&
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
        ...begin,
        evidence: [words, peek.copy === undefined ? 'its file system is empty' : 'its superblock is damaged'],
      };
}

/** Whether what is on the partition may be the file system of our format: by its id, or by one that only a copy may tell. */
function mayBeOurs({ disk, policy }: Case, { fsUuid }: DiskIds): boolean {
  const ids = idsOnPartition(disk);
  return ids.includes(fsUuid) || (ids.length === 0 && policy.filesystem === 'ext4');
}

/** The ids of all that scanners see on the partition. */
function idsOnPartition({ partitions: [part] }: Disk): readonly string[] {
  if (part === undefined) return [];
  const seen = [fieldsOf(part)['UUID'], ...signaturesOf(part).map(({ uuid }) => uuid)];
  return seen.flatMap((id) => (id === undefined || id === '' ? [] : [id.toLowerCase()]));
}

/** Lines 13 to 16: nothing is seen, and that has to be proved byte by byte. */
export function decideBlank(input: Case): Verdict {
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

/** The ids that unfinished work of ours may have: of this generation, and of each that an approval made or would make. */
function ownWork(input: Case): readonly { readonly ids: DiskIds; readonly gen: number }[] {
  const { record, approval, newest = 0 } = input.policy;
  const last = Math.max(record?.gen ?? 0, approval?.gen ?? 0, newest) + 1;
  return Array.from({ length: last + 1 }, (_, gen) => ({ gen, ids: idsOf(input, gen) }));
}
