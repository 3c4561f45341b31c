import type { DiskAdoption, DiskApproval, DiskRecord } from '../model/records.ts';
import type { HostFacts } from './facts.ts';
import type { Disk } from './identity.ts';
import type { DiskIds } from './ids.ts';
import type { FileSystem } from './layout.ts';
import type { Marker } from './marker.ts';
import type { Look } from './read-look.ts';

/** What a disk is to us. */
export type DiskState =
  /** Ours, whole, as its marker says. */
  | 'READY'
  /** Ours and readable, but one copy of its table, or of its superblock, is damaged. */
  | 'DEGRADED'
  /** Proved to be blank. */
  | 'BLANK'
  /** Our own work, cut short. */
  | 'UNFINISHED'
  /** Somebody's data, or what may be that. */
  | 'OCCUPIED'
  /** A disk of slab, but not of this cluster, host or role. */
  | 'FOREIGN'
  /** Known to be ours once, and not what it was. */
  | 'CHANGED'
  | 'RETIRED'
  | 'UNREADABLE'
  | 'AMBIGUOUS'
  | 'BUSY'
  /** The running system lives on it. */
  | 'SYSTEM'
  /** Not what is declared: too small, read only, removable. */
  | 'UNSUITABLE'
  /** A closer look is needed before anything can be said. */
  | 'UNDECIDED';

/** What a closer look has to find out. */
export type LookFor = 'blank' | 'peek' | 'fingerprint' | 'finished';

/** How a disk may be written: what format.sh is told. */
export type FormatMode = 'blank' | 'partial' | 'pending' | 'verify' | 'approved';

/** A GPT is on a disk twice: at its beginning and at its end. */
export type TableCopy = 'primary' | 'backup';

/** What is to be done with a disk; `refuse` comes with nothing. */
export type DiskAction =
  | { readonly do: 'refuse' }
  | { readonly do: 'look'; readonly for: readonly LookFor[] }
  | {
      readonly do: 'use';
      readonly marker: Marker;
      readonly markerText: string;
      readonly mounted: readonly string[];
      /** Its first superblock is damaged, and is mended from this copy (in KiB) before it is mounted. */
      readonly copy?: number;
      /** This copy of its table is damaged, and is written anew from the other one once it is mounted. */
      readonly damaged?: TableCopy;
    }
  /** It becomes ours with what is on it: its marker is written anew. */
  | { readonly do: 'adopt'; readonly marker: Marker; readonly markerText: string }
  | {
      readonly do: 'format';
      readonly mode: FormatMode;
      readonly ids: DiskIds;
      readonly gen: number;
      /** The marker that is there already and is to be kept; with `verify`. */
      readonly markerText?: string;
      readonly fingerprint?: string;
    };

/** The decision on one disk, with its reasons. */
export type Verdict = {
  readonly state: DiskState;
  readonly action: DiskAction;
  /** What was seen, in words; at least one. */
  readonly evidence: readonly string[];
};

/** What a decision rests on. */
export interface Case {
  readonly facts: HostFacts;
  readonly disk: Disk;
  /** Demands of the declaration that it does not meet. */
  readonly unsuitable: readonly string[];
  readonly look?: Look;
  /** Why a closer look that was asked for gave no answer. */
  readonly lookFailed?: string;
  readonly policy: Policy;
}

/** What is declared, as far as a decision needs it. */
export interface Policy {
  readonly cluster: string;
  readonly host: string;
  readonly role: string;
  readonly filesystem: FileSystem;
  readonly whenBlank: 'format' | 'refuse';
  /** What the ledger knows of this disk. */
  readonly record?: DiskRecord;
  /** The approval that is open for this disk on this host. */
  readonly approval?: DiskApproval;
  /** The newest generation that was ever agreed to for this disk. */
  readonly newest?: number;
  /** The adoption that is open for this disk on this host: what is on it stays, whatever else was agreed to. */
  readonly adoption?: DiskAdoption;
  /** Other disks of the host: an id that is there twice is nobody's. */
  readonly others: readonly Disk[];
}

/** A verdict that nothing is done. */
export interface Refusal<S> {
  readonly state: S;
  readonly action: { readonly do: 'refuse' };
  readonly evidence: readonly string[];
}

/** Nothing is done, for these reasons. */
export function refuse<S extends string>(state: S, ...evidence: readonly string[]): Refusal<S> {
  return { state, action: { do: 'refuse' }, evidence };
}

/** A verdict that more has to be seen first. */
export interface Undecided {
  readonly state: 'UNDECIDED';
  readonly action: { readonly do: 'look'; readonly for: readonly LookFor[] };
  readonly evidence: readonly string[];
}

/** Nothing can be said before a closer look. */
export function lookFor(...what: readonly LookFor[]): Undecided {
  const evidence = [`a closer look is needed: ${what.join(', ')}`];
  return { state: 'UNDECIDED', action: { do: 'look', for: what }, evidence };
}
