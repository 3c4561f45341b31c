import { createHash } from 'node:crypto';
import { progressOf } from './begun.ts';
import { fieldsOf } from './content.ts';
import { usersOf } from './device-disk.ts';
import { decideMember } from './decide-member.ts';
import { approvable, type DeviceCase, type DeviceVerdict } from './device-verdict.ts';
import { EDGE } from './gpt.ts';
import type { Disk } from './identity.ts';
import { contentId } from './ids.ts';
import { PENDING } from './pending.ts';
import type { Look } from './read-look.ts';
import { lookFor, refuse } from './verdict.ts';

/** Lines 5 and 10: what was cut short may say everything that a whole one says, to scanners. */
export function decideFinished(input: DeviceCase, device: Disk): DeviceVerdict {
  const { wanted, facts } = input;
  const ready: DeviceVerdict = { state: 'READY', action: { do: 'nothing' }, evidence: [`it is ${wanted}`] };
  if (wanted === 'linux_raid_member') return decideMember(input, device) ?? ready;
  const users = usersOf(device, facts);
  if (users.known && users.users.length > 0) return ready;
  const pending = fieldsOf(device.block)['SUBSYSTEM'] === PENDING.subsystem;
  if (wanted !== 'xfs' && !(wanted === 'crypto_LUKS' && pending)) return ready;
  const look = input.look?.read === true ? input.look.value : undefined;
  if (look === undefined) return lookFor('finished');
  if (wanted === 'xfs' && look.finished === null) return ready;
  return decideBegun(input, device, look) ?? ready;
}

/** By its first bytes; undefined when it is whole. */
function decideBegun(input: DeviceCase, device: Disk, look: Look): DeviceVerdict | undefined {
  const { wanted, records } = input;
  const { exclusive, free, head, proof, finished } = look;
  const cut = finished ?? `what makes it ${wanted} was cut short, or it is damaged`;
  const bytes = head?.state === 'bytes' ? Buffer.from(head.base64, 'base64') : undefined;
  if (exclusive !== null || free !== null || bytes?.length !== EDGE)
    return finished === undefined
      ? refuse('UNREADABLE', exclusive ?? free ?? 'whether it was made to its end is not known')
      : approvable(input, device, refuse('OCCUPIED', cut));
  const progress = progressOf(wanted, bytes);
  if (progress.made === 'whole') return undefined;
  const own = contentId({ cluster: records.environment, host: records.host, serial: device.serial }, wanted);
  const ours =
    progress.made === 'begun' &&
    device.serial !== '' &&
    progress.uuid === own &&
    (wanted === 'xfs' || (progress.mark === PENDING.subsystem && proof?.verdict === 'zero'));
  if (!ours) return approvable(input, device, refuse('OCCUPIED', cut));
  return {
    state: 'UNFINISHED',
    action: { do: 'make', mode: 'begun', head: createHash('sha256').update(bytes).digest('hex') },
    evidence: [`slab began to make it ${wanted} and was cut short; nobody can have used it`],
  };
}
