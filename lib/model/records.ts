/** What the ledger of an environment knows of one disk, wherever it is now. It only ever adds caution. */
export interface DiskRecord {
  readonly serial: string;
  readonly wwn?: string;
  /** The host it was last seen in, by its name in the inventory. */
  readonly host: string;
  readonly role: string;
  /** Its number among the disks of the role when it was last seen ready. */
  readonly n?: number;
  readonly slot?: string;
  readonly sizeBytes: number;
  /** How many approved formats it has had: 0 after the first. */
  readonly gen: number;
  /** ISO 8601, UTC. */
  readonly firstSeen: string;
  /** When it was last seen formatted and ours; absent: never. */
  readonly lastReady?: string;
  /** Taken out of service: never mounted or formatted again without a new approval. */
  readonly retired?: { readonly at: string; readonly why: string };
}

/** A person's word on one disk in one host, good for once. */
export interface DiskWord {
  readonly host: string;
  readonly serial: string;
  readonly sizeBytes: number;
  /** What was agreed to: `sha256:` and 64 hex digits, as `slab disk show` prints it. */
  readonly fingerprint: string;
  readonly reason: string;
  readonly by: string;
  /** ISO 8601, UTC; by the controller's clock. */
  readonly expires: string;
}

/** Content that a person gave up: of which disk, and what exactly. */
export type GivenUp = Pick<DiskWord, 'serial' | 'fingerprint'>;

/** The word that exactly the content of the fingerprint may be destroyed; good for one format. */
export interface DiskApproval extends DiskWord {
  /** The generation that the format makes; it is in every id of the new file system. */
  readonly gen: number;
}

/**
 * The word that a disk of another cluster, host or role is taken over with what is on it. The fingerprint is of the disk, its
 * table, its file system, and the marker of whose it was.
 */
export interface DiskAdoption extends DiskWord {
  /** What is known of the host whose it was: that it does not see the disk, or that a person says so. */
  readonly owner?: string;
}

/** What is on record when a host is compiled: plain data, read before anything is asked of the host. */
export interface HostRecords {
  readonly environment: string;
  /** The host's name in the inventory. */
  readonly host: string;
  /** Disks of all hosts of the environment: one that moved is known too. */
  readonly disks: readonly DiskRecord[];
  /** Approvals for this host that are neither used nor expired. */
  readonly approvals: readonly DiskApproval[];
  /**
   * The newest generation that anybody ever agreed to, by serial number: a format that was cut short has it, though its approval is
   * used or has expired.
   */
  readonly generations?: Readonly<Record<string, number>>;
  /** Adoptions into this host that are neither used nor expired. */
  readonly adoptions?: readonly DiskAdoption[];
}
