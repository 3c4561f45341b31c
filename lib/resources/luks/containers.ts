import type { Block, HostFacts } from '../../disks/facts.ts';
import { nameDevice } from '../../disks/named.ts';

/** What blkid calls it. */
export const CONTAINER = 'crypto_LUKS';

/** The mapped device of this name; undefined when nothing is open under it. */
export function openAs(facts: HostFacts, name: string): Block | undefined {
  return facts.blocks.find(({ dm }) => dm?.name === name);
}

/** The UUID that a header says; undefined without one. */
export function uuidOf(facts: HostFacts, device: string): string | undefined {
  const named = nameDevice(facts, device);
  const blkid = named.is === 'device' ? named.device.block.content?.blkid : undefined;
  if (blkid?.read !== true || blkid.value.says !== 'content') return undefined;
  return blkid.value.fields['TYPE'] === CONTAINER ? blkid.value.fields['UUID'] : undefined;
}

/** Whether a mapped device is this container, opened. */
export function isOpenFrom(mapped: Block, uuid: string): boolean {
  return (
    mapped.dm?.uuid.startsWith('CRYPT-LUKS') === true && mapped.dm.uuid.includes(uuid.replaceAll('-', ''))
  );
}

/** The line of /etc/crypttab for a name; empty without one, undefined when it cannot be read. */
export function crypttabLine(facts: HostFacts, name: string): string | undefined {
  const text = facts.texts['crypttab'];
  if (text?.read !== true) return undefined;
  const found = text.value.split('\n').find((line) => line.trim().split(/\s+/)[0] === name);
  return found?.trim().replace(/\s+/g, ' ') ?? '';
}
