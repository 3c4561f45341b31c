/** Whose a disk is; of what is somebody's also whether a person agreed to lose it. */
export type DiskClass = 'blank' | 'ready' | 'unfinished' | 'foreign' | 'approved';

/** What goes wrong around a disk. */
export type Fault =
  | 'none'
  | 'unreadable sector'
  | 'read only'
  | 'held exclusively'
  | 'open for writing'
  | 'loop device on it'
  | 'mounted elsewhere'
  | 'same serial number twice'
  | 'answer cut'
  | 'not to be formatted'
  | 'known to have been ready'
  | 'out of service'
  | 'approval without need'
  | 'written to after the plan'
  | 'read fails after the plan'
  | 'held exclusively after the plan'
  | 'open for writing after the plan'
  | 'mounted elsewhere after the plan'
  | 'swapped after the plan'
  | 'host booted after the plan'
  | 'step killed'
  | 'two controllers';

/** Bytes that are not zero, and nothing that a scanner knows. */
export interface DiskData {
  readonly at: number;
  readonly bytes: number;
}

/** One case of layer B, as its seed decides it. */
export interface ContentCase {
  readonly class: DiskClass;
  readonly content: string;
  /** Where the data lie of a disk that is too large to be read in full; it is zero elsewhere. */
  readonly data?: DiskData;
  readonly fault: Fault;
  readonly filesystem: 'xfs' | 'ext4' | 'btrfs';
  readonly sectorSize: 512 | 4096;
  readonly sizeBytes: number;
  readonly mount: '{n}' | '{serial}';
  readonly proof: 'sampled' | 'full';
}
