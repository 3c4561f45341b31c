import type { HostRecords } from '../model/records.ts';
import { heedApproval } from './approval.ts';
import type { Answer, HostFacts } from './facts.ts';
import type { TableImage } from './gpt.ts';
import type { Disk } from './identity.ts';
import type { Named } from './named.ts';
import type { Promised } from './prospects.ts';
import type { Look } from './read-look.ts';
import type { DiskState, LookFor } from './verdict.ts';

/** How make.sh has to prove a device before anything is written to it. */
export type ProofMode = 'blank' | 'partial' | 'begun' | 'pending' | 'settle' | 'approved' | 'promised';

/** What is to be done with one named device. */
export type DeviceAction =
  | { readonly do: 'nothing' }
  | { readonly do: 'refuse' }
  | { readonly do: 'look'; readonly for: readonly LookFor[] }
  | {
      readonly do: 'make';
      readonly mode: ProofMode;
      /** What was agreed to; with `approved`. */
      readonly fingerprint?: string;
      /** The hash of its first 64 KiB; with `begun` and `partial`. */
      readonly head?: string;
      /** The hash of its last 64 KiB; with `partial`. */
      readonly tail?: string;
      /** How the id of its array begins; of a member, with `begun`. */
      readonly array?: string;
      /** The array that was put together of it, is not started, and has to be stopped first: `md127`. */
      readonly held?: string;
    };

/** The decision on one named device, with its reasons. */
export interface DeviceVerdict {
  readonly state: DiskState | 'MISSING' | 'PROMISED';
  readonly action: DeviceAction;
  readonly evidence: readonly string[];
  /** Absent when nothing, or more than one, answers to the name. */
  readonly device?: Disk;
  /** What a person should know of the name, whatever is decided. */
  readonly note?: string;
  /** The key of the promise that it rests on; with PROMISED. */
  readonly promise?: string;
}

/** What a decision on one device rests on. */
export interface DeviceCase {
  readonly facts: HostFacts;
  readonly named: Named;
  /** What earlier states of the plan leave of it. */
  readonly promised?: Promised;
  /** What it shall be, as blkid calls it: `xfs`, `swap`, `LVM2_member`. */
  readonly wanted: string;
  /** The least size in bytes. */
  readonly least: number;
  readonly look?: Answer<Look>;
  /** The partition table that it shall have: a part of it, and zeros, is our own work cut short. */
  readonly table?: TableImage;
  /** How the id begins of the array that it shall be a member of: such a one that was never started is our own work cut short. */
  readonly array?: string;
  /** The array that was put together of it, is not started, and is stopped first: that is no use of it. */
  readonly idle?: string;
  readonly records: HostRecords;
}

/** An approval for this device, with the fingerprint of what is on it now, allows what is refused otherwise. */
export function approvable(
  { records, look }: DeviceCase,
  device: Disk,
  refusal: DeviceVerdict,
): DeviceVerdict {
  const approval = records.approvals.find(({ serial }) => serial === device.serial && serial !== '');
  if (approval === undefined) return refusal;
  const fits = approval.host === records.host && approval.sizeBytes === device.block.sizeBytes;
  const { fingerprint } = approval;
  return heedApproval(refusal, approval, {
    misfit: fits ? undefined : 'the approval is for another host or size',
    // A look without an answer was refused above: it brings no fingerprint.
    look: look?.read === false ? {} : look?.value,
    action: { do: 'make', mode: 'approved', fingerprint },
  });
}
