import { usersOf } from './device-disk.ts';
import { approvable, type DeviceCase, type DeviceVerdict } from './device-verdict.ts';
import type { Block, HostFacts } from './facts.ts';
import type { Disk } from './identity.ts';
import { lookFor, refuse } from './verdict.ts';

/** What the superblock of a member says of its array; absent where it cannot be read. */
export interface Examined {
  /** 32 hexadecimal digits, as mdadm writes them: with colons. */
  readonly uuid?: string;
  /** How the array calls itself: `any:data`. */
  readonly ownName?: string;
  /** What the kernel counts when it starts an array, except one of raid0, and before it writes to one. */
  readonly events?: number;
}

/** Reads what `mdadm --examine --export` says of a member. */
export function examinedOf({ texts }: HostFacts, block: Block): Examined {
  const text = texts[`examine:${block.name}`];
  const lines = text?.read === true ? text.value.split('\n') : [];
  const valueOf = (key: string): string | undefined =>
    lines.find((each) => each.startsWith(`${key}=`))?.slice(key.length + 1);
  const uuid = valueOf('MD_UUID');
  const ownName = valueOf('MD_NAME');
  const events = valueOf('MD_EVENTS') ?? '';
  return {
    ...(uuid === undefined ? {} : { uuid }),
    ...(ownName === undefined ? {} : { ownName }),
    ...(/^[0-9]+$/.test(events) ? { events: Number(events) } : {}),
  };
}

/** Whether it says of itself that slab began its array and nobody ever started it. @param mark how the array's id begins. */
export function isBegun({ uuid, events }: Examined, mark: string): boolean {
  return mark !== '' && uuid?.replaceAll(':', '').startsWith(mark) === true && events === 0;
}

/**
 * Lines 5 and 10 for a member of an array; undefined when it is a member like any other. mdadm writes the superblocks of new
 * members one after the other and starts the array then: cut short, some devices are members and the others are blank.
 */
export function decideMember(input: DeviceCase, device: Disk): DeviceVerdict | undefined {
  const { facts, array = '', look: answer } = input;
  if (!isBegun(examinedOf(facts, device.block), array)) return undefined;
  const begun = 'slab began to make its array and was cut short; it was never started';
  const users = usersOf(device, facts);
  const held = idleHolder(device.block, facts);
  if (!users.known || users.users.some((user) => user !== `held by ${held ?? ''}`)) return undefined;
  if (held !== undefined)
    return {
      state: 'UNFINISHED',
      action: { do: 'make', mode: 'begun', array, held },
      evidence: [
        begun,
        `${held} was put together of it and nobody uses it: it is stopped, and what is on the member proved then`,
      ],
    };
  const look = answer?.read === true ? answer.value : undefined;
  if (look === undefined) return lookFor('finished');
  const { exclusive, free, finished, proof } = look;
  if (exclusive !== null || free !== null || finished === undefined)
    return refuse('UNREADABLE', exclusive ?? free ?? 'whether its array was ever started is not known');
  if (finished !== null) return refuse('UNREADABLE', finished);
  if (proof === undefined || proof.verdict === 'unreadable')
    return refuse(
      'UNREADABLE',
      `what it holds cannot be read${proof === undefined ? '' : `: ${proof.where}`}`,
    );
  if (proof.verdict !== 'zero')
    return approvable(
      input,
      device,
      refuse(
        'OCCUPIED',
        `${begun}; and yet something lies where its data would be (offset and length: ${proof.where})`,
      ),
    );
  return {
    state: 'UNFINISHED',
    action: { do: 'make', mode: 'begun', array },
    evidence: [begun, 'all that would be data is zero'],
  };
}

/**
 * The array that was put together of it and to which nothing was written: it does not run (without a size it is no device of
 * the facts), or it runs with a member missing and has not been written to, as systemd starts one half a minute later.
 */
export function idleHolder({ holders }: Block, { blocks, texts }: HostFacts): string | undefined {
  const [holder, ...more] = holders ?? [];
  if (holder === undefined || more.length > 0) return undefined;
  const block = blocks.find(({ name }) => name === holder);
  if (block !== undefined) return block.kind === 'md' && block.md?.state === 'read-auto' ? holder : undefined;
  const mdstat = texts['mdstat'];
  return mdstat?.read === true &&
    mdstat.value.split('\n').some((line) => line.startsWith(`${holder} : inactive `))
    ? holder
    : undefined;
}
