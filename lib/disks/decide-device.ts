import { createHash } from 'node:crypto';
import { bytesOf, readBlankProof } from './blank-proof.ts';
import { describeContent, fieldsOf, looksLikeTableOnly, signaturesOf } from './content.ts';
import { decideFinished } from './decide-begun.ts';
import { isOf, unknownPlace, usersOf, wholeContent } from './device-disk.ts';
import { approvable, type DeviceCase, type DeviceVerdict } from './device-verdict.ts';
import { isPartOf, type TableImage } from './gpt.ts';
import type { Disk } from './identity.ts';
import { readPartLabel } from './ids.ts';
import { entryOf } from './named.ts';
import { isPending, isUnwiped } from './pending.ts';
import type { Promised } from './prospects.ts';
import { findUnknowns } from './unknowns.ts';
import { lookFor, refuse } from './verdict.ts';

/**
 * THE table for one device that a state names: facts → state → action. Read it from the top; the first line that holds
 * decides. Whole disks, partitions, logical volumes, arrays, mapped devices.
 *
 * | # | seen | state | action |
 * | 1 | an earlier state makes or clears it in this plan | PROMISED | make, proved on the host; nothing when it leaves what is wanted |
 * | 2 | nothing answers to the name | MISSING | refuse |
 * | 3 | two answer, or paths without multipath | AMBIGUOUS | refuse |
 * | 4 | anything that must be known is not | UNREADABLE | refuse |
 * | 5 | it is what is wanted, all scanners say so, it was made to its end, and is not of before its volume | READY | nothing |
 * | 6 | the running system is on it | SYSTEM | refuse |
 * | 7 | read only, too small | UNSUITABLE | refuse |
 * | 8 | in use by anybody, or its disk is | BUSY | refuse |
 * | 9 | the ledger has it, or its disk, retired | RETIRED | refuse, approvable |
 * | 10 | what is wanted was begun with our id, says so with a checksum, and nobody can have used it | UNFINISHED | make |
 * | 10 | a mark of ours below it says "pending", and it holds nothing, or what is wanted | UNFINISHED | make, or take the mark off |
 * | 10 | zeros, and at its ends sectors of the very table that it shall have | UNFINISHED | make |
 * | 10 | a member of our own array, which was never started, and all that is for data is zero | UNFINISHED | make |
 * | 11 | unfinished work of disk.data | FOREIGN | refuse |
 * | 12 | no scanner sees anything, all bytes are zero, never READY before | BLANK | make |
 * | 13 | the same, and READY before | CHANGED | refuse, approvable |
 * | 14 | the same, and a byte cannot be read | UNREADABLE | refuse |
 * | 15 | anything else | OCCUPIED | refuse, approvable |
 */
export function decideDevice(input: DeviceCase): DeviceVerdict {
  const { named, promised } = input;
  if (promised !== undefined) return decidePromised(input, promised);
  if (named.is !== 'device') return refuse(named.is === 'missing' ? 'MISSING' : 'AMBIGUOUS', named.why);
  const { device } = named;
  const verdict = decideSeen(input, device);
  return { ...verdict, device, ...(named.note === undefined ? {} : { note: named.note }) };
}

/** Line 1. What the host says now is of before: the step looks for itself, and refuses what it did not expect. */
function decidePromised(
  { wanted, named }: DeviceCase,
  { exists, content, by, key }: Promised,
): DeviceVerdict {
  if (!exists) return refuse('MISSING', `it will have been removed by ${by}`);
  const rest = {
    ...(named.is === 'device' ? { device: named.device } : {}),
    ...(key === undefined ? {} : { promise: key }),
  };
  if (content === wanted)
    return {
      state: 'PROMISED',
      action: { do: 'nothing' },
      evidence: [`it will be ${wanted}: ${by}`],
      ...rest,
    };
  if (!['blank', 'pending', 'unknown'].includes(content))
    return refuse('OCCUPIED', `it will hold ${content}: ${by}`);
  const evidence = [`made by ${by}; what is on it will be proved then, before anything is written`];
  return { state: 'PROMISED', action: { do: 'make', mode: 'promised' }, evidence, ...rest };
}

function decideSeen(input: DeviceCase, device: Disk): DeviceVerdict {
  const { facts, look, records } = input;
  if (device.ambiguous !== undefined) return refuse('AMBIGUOUS', device.ambiguous);
  const unknown = [...findUnknowns(device, facts), ...unknownPlace(device, facts)];
  if (unknown.length > 0) return refuse('UNREADABLE', ...unknown, 'An unreadable device is never blank.');
  if (look?.read === false) return refuse('UNREADABLE', look.why);
  if (typeof look?.value.disk === 'string') return refuse('UNREADABLE', look.value.disk);
  const pending = isPending(device.block, facts);
  const unwiped = isUnwiped(device.block, facts);
  const finished = !unwiped && isOnly(device, input.wanted) ? decideFinished(input, device) : undefined;
  if (finished !== undefined) {
    if (!pending && finished.state !== 'UNFINISHED') return finished;
    if (finished.action.do === 'look' || finished.state === 'UNREADABLE') return finished;
    if (finished.state === 'READY')
      return {
        state: 'UNFINISHED',
        action: { do: 'make', mode: 'settle' },
        evidence: [`it is ${input.wanted}, and only the mark that nobody has used it is still on it`],
      };
  }
  const users = usersOf(device, facts);
  if (!users.known) return refuse('UNREADABLE', users.why);
  if (users.system.length > 0)
    return refuse('SYSTEM', `the running system is on it: ${users.system.join(', ')}`);
  const size = device.block.sizeBytes ?? 0;
  if (device.block.readOnly !== false) return refuse('UNSUITABLE', 'it is read only');
  if (size < input.least)
    return refuse(
      'UNSUITABLE',
      `it has ${size} bytes, too small for ${input.wanted}: at least ${input.least}`,
    );
  const idle = finished?.action.do === 'make' ? finished.action.held : input.idle;
  const busy = users.users.filter((user) => user !== `held by ${idle ?? ''}`);
  if (busy.length > 0) return refuse('BUSY', ...busy.map((user) => `in use: ${user}`));
  const known = records.disks.filter(({ serial }) => serial !== '' && isOf(device, serial));
  const retired = known.find((record) => record.retired !== undefined)?.retired;
  if (retired !== undefined)
    return approvable(
      input,
      device,
      refuse('RETIRED', `taken out of service on ${retired.at.slice(0, 10)}: ${retired.why}`),
    );
  if (finished?.state === 'UNFINISHED') return finished;
  // What was finished on it, and is not what is wanted, is somebody's: the mark was left by a run that was cut short.
  const blkid = device.block.content?.blkid;
  const found = fieldsOf(device.block)['TYPE'];
  if (pending && blkid?.read === true && (blkid.value.says === 'nothing' || found === input.wanted))
    return {
      state: 'UNFINISHED',
      action: { do: 'make', mode: 'pending' },
      evidence: ['made by slab and not finished: nobody has used it yet'],
    };
  if (readPartLabel(entryOf(facts, device.block)?.name ?? '') !== undefined)
    return refuse('FOREIGN', 'it is the partition of a data disk of slab (disk.data)');
  const below = wholeContent(device, facts);
  if (below !== undefined) return refuse('OCCUPIED', below);
  const seen = describeContent(device);
  if (seen.length > 0 && (input.table === undefined || !looksLikeTableOnly(device)))
    return approvable(input, device, refuse('OCCUPIED', ...seen, ...(unwiped ? [UNWIPED_WORDS] : [])));
  const lastReady = known.find((record) => record.lastReady !== undefined)?.lastReady;
  return decideBlank(input, device, { seen, lastReady });
}

const UNWIPED_WORDS =
  'its volume was made and not cleared of what lay on its extents before, which this may be';

interface Seen {
  /** What scanners see: nothing, or signatures of a table without a partition of anybody. */
  readonly seen: readonly string[];
  readonly lastReady: string | undefined;
}

/** Lines 12 to 15: nothing is seen, or only a piece of a table, and that has to be proved byte by byte. */
function decideBlank(input: DeviceCase, device: Disk, { seen, lastReady }: Seen): DeviceVerdict {
  const look = input.look?.read === true ? input.look.value : undefined;
  if (look === undefined) return lookFor('blank');
  const proof = readBlankProof(look, device.block, 'device');
  if (proof.found === 'no answer') return refuse(proof.state, proof.why);
  if (proof.found === 'ends') {
    const begun = decideTable(input, device, { head: bytesOf(proof.head), tail: bytesOf(proof.tail) });
    if (begun !== undefined) return begun;
  }
  if (proof.found !== 'zeros') {
    const where = proof.found === 'data' ? proof.where : 'at one of its ends';
    return approvable(
      input,
      device,
      refuse('OCCUPIED', ...seen, `not blank: what was read is not zero (offset and length: ${where})`),
    );
  }
  // Scanners that see something where all bytes are zero do not agree with the bytes.
  if (seen.length > 0) return refuse('UNREADABLE', ...seen, 'and yet all that was read is zero');
  if (lastReady !== undefined)
    return approvable(
      input,
      device,
      refuse(
        'CHANGED',
        `was READY on ${lastReady.slice(0, 10)} and reads all zero now. Treated as a fault, not as new.`,
      ),
    );
  return { state: 'BLANK', action: { do: 'make', mode: 'blank' }, evidence: [proof.words] };
}

/** The table that it shall have, cut short: no sector of its ends is anything else. */
function decideTable({ table }: DeviceCase, { block }: Disk, ends: TableImage): DeviceVerdict | undefined {
  if (table === undefined || block.kind === 'partition') return undefined;
  if (!isPartOf(ends, [table], block.sectorSize ?? 512)) return undefined;
  const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  return {
    state: 'UNFINISHED',
    action: { do: 'make', mode: 'partial', head: hashOf(ends.head), tail: hashOf(ends.tail) },
    evidence: ['our own partition table, cut short; the rest is zero'],
  };
}

/** Whether all scanners see this on it, and nothing else. */
function isOnly({ block, partitions }: Disk, type: string): boolean {
  const { content } = block;
  const fields = fieldsOf(block);
  return (
    fields['TYPE'] === type &&
    fields['PTTYPE'] === undefined &&
    partitions.length === 0 &&
    content?.wipefs.read === true &&
    signaturesOf(block).every((signature) => signature.type === type) &&
    (block.kind === 'partition' || (content.table.read && content.table.value === null))
  );
}
