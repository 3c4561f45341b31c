import { fieldsOf } from './content.ts';
import type { Block, HostFacts } from './facts.ts';
import type { Disk } from './identity.ts';
import { deviceOf } from './named.ts';
import { findUsers, type Users } from './users.ts';

function diskOf({ parent }: Block, { blocks }: HostFacts): Block | undefined {
  return blocks.find(({ name }) => name === parent);
}

/** A partition of which nobody can say of what disk it is, or where on it. */
export function unknownPlace({ block }: Disk, facts: HostFacts): readonly string[] {
  if (block.kind !== 'partition') return [];
  const parent = diskOf(block, facts);
  if (parent === undefined) return [`of which disk ${block.name} is a partition is not known`];
  return block.partition === null ? [`where ${block.name} lies on ${parent.name} is not known`] : [];
}

/** Who uses it; of a partition, who uses its disk as a whole, too. */
export function usersOf(device: Disk, facts: HostFacts): Users {
  const own = findUsers(device, facts, () => false);
  const parent = diskOf(device.block, facts);
  if (parent === undefined || !own.known) return own;
  const whole = findUsers({ ...deviceOf(facts, parent), partitions: [] }, facts, () => false);
  if (!whole.known) return whole;
  return {
    known: true,
    users: [...own.users, ...whole.users.map((user) => `its disk ${parent.name}: ${user}`)],
    system: [...own.system, ...whole.system],
  };
}

/** What the disk of a partition holds as a whole; undefined when it is only a table. */
export function wholeContent({ block }: Disk, facts: HostFacts): string | undefined {
  const parent = diskOf(block, facts);
  if (parent === undefined) return undefined;
  const { blkid } = parent.content ?? {};
  if (blkid?.read !== true) return `what its disk ${parent.name} holds cannot be read`;
  const type = fieldsOf(parent)['TYPE'];
  if (blkid.value.says === 'ambivalent') return `its disk ${parent.name} is ambivalent`;
  return type === undefined ? undefined : `its disk ${parent.name} is ${type} as a whole`;
}

/** Whether a serial number is that of the device or of the disk that it is a part of. */
export function isOf({ serial }: Disk, other: string): boolean {
  return (
    serial === other ||
    (serial.startsWith(`${other}-part`) && /^[0-9]+$/.test(serial.slice(other.length + 5)))
  );
}
