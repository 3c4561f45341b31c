/** Something a host was asked: what it said, or why that is no answer. Null elsewhere in these types means unknown, never none. */
export type Answer<T> =
  { readonly read: true; readonly value: T } | { readonly read: false; readonly why: string };

/** One signature that wipefs sees. */
export type Signature = {
  readonly offset: number;
  readonly type: string;
  readonly uuid: string;
  readonly label: string;
};

/** What `blkid -p` says: nothing, fields by name, or that it cannot tell. Only with the other scanners it means anything. */
export type Blkid =
  | { readonly says: 'nothing' }
  | { readonly says: 'content'; readonly fields: Readonly<Record<string, string>> }
  | { readonly says: 'ambivalent' };

/** One entry of a partition table, in sectors. */
export type TableEntry = {
  readonly node: string;
  readonly start: number;
  readonly size: number;
  readonly type: string;
  readonly uuid: string;
  readonly name: string;
};

/** A partition table as sfdisk reads it. */
export type Table = {
  /** `gpt`, `dos` … */
  readonly label: string;
  readonly id: string;
  readonly firstLba: number | null;
  readonly lastLba: number | null;
  readonly sectorSize: number | null;
  readonly partitions: readonly TableEntry[];
  /** What sfdisk complained of although it read a table: one of the two copies is damaged. */
  readonly warnings: readonly string[];
};

/** What the scanners see on a device. The union of them is what is there; no union of them proves that nothing is. */
export type Content = {
  readonly blkid: Answer<Blkid>;
  readonly wipefs: Answer<readonly Signature[]>;
  /** Null inside: it has no table that sfdisk knows. Partitions are not asked: the answer is not there. */
  readonly table: Answer<Table | null>;
};

/** What a block device is to the kernel. */
export type BlockKind = 'disk' | 'partition' | 'dm' | 'md' | 'loop' | 'rom' | 'other';

/** One block device of a host. */
export type Block = {
  /** The kernel's name, `sda`: for display, and to find its own records; it identifies nothing. */
  readonly name: string;
  readonly node: string;
  /** `8:0`. */
  readonly number: string;
  /** The number of the block special file at `node`; null when there is none. */
  readonly nodeNumber: string | null;
  readonly kind: BlockKind;
  /** The disk that a partition is of. */
  readonly parent: string | null;
  readonly partition: { readonly number: number; readonly start: number; readonly size: number } | null;
  readonly sizeBytes: number | null;
  readonly sectorSize: number | null;
  readonly physicalSectorSize: number | null;
  readonly readOnly: boolean | null;
  readonly removable: boolean | null;
  readonly hidden: boolean | null;
  readonly rotational: boolean | null;
  /** Settings of its queue; a partition has its disk's. Null where they cannot be read. */
  readonly queue: {
    readonly readAheadKb: number | null;
    readonly requests: number | null;
    /** As the kernel shows it: `[mq-deadline] none`. */
    readonly scheduler: string;
  };
  /** Counts up with every disk that appears: two numbers, two disks. Null before Linux 5.15. */
  readonly diskseq: string | null;
  readonly serial: string | null;
  readonly wwn: string | null;
  /** Where the serial number comes from. */
  readonly serialFrom: 'sysfs' | 'udev' | 'by-id' | null;
  readonly model: string;
  /** `nvme`, `sata`, `usb`, `virtio`, `sas`; empty when unknown. */
  readonly transport: string;
  /** Names under /dev/disk/by-path, without the folder. */
  readonly slots: readonly string[];
  /** Names under /dev/disk/by-id, without the folder. */
  readonly ids: readonly string[];
  readonly holders: readonly string[] | null;
  readonly slaves: readonly string[] | null;
  readonly dm: { readonly name: string; readonly uuid: string } | null;
  readonly md: { readonly level: string; readonly state: string; readonly uuid: string } | null;
  /** Of a loop device: its file, the block device that is, if it is one, and whether that is known. */
  readonly backing: { readonly file: string; readonly number: string | null; readonly known: boolean } | null;
  /** Sectors written since it appeared, as the kernel counts; null when unknown. */
  readonly sectorsWritten: number | null;
  /** Absent on a device without a size or without a node. */
  readonly content: Content | null;
};

/** One line of a mountinfo file. */
export type Mount = {
  readonly id: string;
  readonly parent: string;
  /** `8:1`; a btrfs has a number of its own. */
  readonly number: string;
  readonly root: string;
  readonly point: string;
  readonly options: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
};

/** A mount that some process sees. */
export type ForeignMount = Mount & {
  readonly pid: string;
};

/** The marker file of a mounted file system as it is, and the owner of the file system's root. */
export type MarkerFile = {
  readonly number: string;
  readonly point: string;
  readonly owner: string;
  readonly text: string;
};

/** Something in use, by path and device number. */
export type UsedPath = {
  readonly path: string;
  readonly number: string | null;
};

/** Swap in use; a priority that cannot be read is null. */
export type UsedSwap = UsedPath & { readonly priority: number | null };

/** Everything that a host says of its storage in one go. */
export type HostFacts = {
  readonly bootId: Answer<string>;
  readonly machineId: Answer<string>;
  readonly root: boolean;
  /** First lines of what tools say of themselves; a tool that is not there is not here. */
  readonly tools: Readonly<Record<string, string>>;
  readonly blocks: readonly Block[];
  readonly mounts: Answer<readonly Mount[]>;
  readonly mountsOfAll: Answer<readonly ForeignMount[]>;
  readonly swaps: Answer<readonly UsedSwap[]>;
  readonly exports: Answer<readonly UsedPath[]>;
  readonly markers: Answer<readonly MarkerFile[]>;
  /** Links to block devices: their whole names, and the kernel's name of the device. */
  readonly links: Readonly<Record<string, string>>;
  /** Other records as they came: `mdstat`, `pvs`, `vgs`, `lvs`, `fstab`, `crypttab`, `mdadm.conf`, `units`, `examine:sda1`, `detail:md0`. */
  readonly texts: Readonly<Record<string, Answer<string>>>;
};

/** The facts of a host, or why its answer cannot be believed at all. */
export type Facts = Answer<HostFacts>;
