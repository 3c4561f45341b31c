import type { JsonObject } from '../../model/json.ts';
import type { Edit } from './edit.ts';

/** One path as it is, or will be: what other kinds read through Prospect under `file:/path`. */
export interface Entry extends JsonObject {
  readonly exists: boolean;
  /** `unknown`: something kept us from seeing it. */
  readonly type: 'absent' | 'file' | 'directory' | 'symlink' | 'other' | 'unknown';
  /** Four octal digits: `0644`. */
  readonly mode: string;
  readonly user: string;
  /** Null when the user will be made by an earlier state. */
  readonly uid: number | null;
  readonly group: string;
  readonly gid: number | null;
  readonly size: number;
  /** Only where it was asked for. */
  readonly sha256: string | null;
  /** Only where it was asked for, and is text that is not too large. */
  readonly content: string | null;
  /** Why there is no content: `binary`, `too large`. */
  readonly note: string | null;
  /** What a symlink says. */
  readonly target: string | null;
  /** What a symlink leads to; its own `beyond` is null. */
  readonly beyond: Entry | null;
}

/** What is in a directory. */
export interface Tree extends JsonObject {
  readonly count: number;
  /** Empty when only the number was asked for. */
  readonly entries: readonly TreeEntry[];
}

/** One entry of a directory, however deep. */
export interface TreeEntry extends JsonObject {
  readonly path: string;
  readonly entry: Entry;
}

/** What the probe saw for one declared state. */
export interface Observed extends JsonObject {
  readonly entries: Readonly<Record<string, Entry>>;
  readonly trees: Readonly<Record<string, Tree>>;
  /** Mount points of the host, where something may be removed. */
  readonly mounts: readonly string[];
  /** Name → number, null when there is no such account. */
  readonly users: Readonly<Record<string, number | null>>;
  readonly groups: Readonly<Record<string, number | null>>;
  /** The contents in it are not to be shown. */
  readonly hidden: boolean;
}

/** Owner, group and mode as declared; undefined leaves what is there, and takes root and the usual mode for new things. */
export interface Attributes {
  readonly user?: string;
  readonly group?: string;
  readonly mode?: number;
}

/** What all states that put something at a path have in common. */
export interface Placed extends Attributes {
  readonly path: string;
  readonly makedirs: boolean;
  /** Mode of folders that makedirs makes. */
  readonly dirMode?: number;
}

/** `file.managed`, `file.serialize`: a whole file. */
export interface Managed extends Placed {
  readonly is: 'managed';
  /** Undefined: whatever is in it. */
  readonly content?: Uint8Array;
  readonly sha256?: string;
  readonly replace: boolean;
  readonly create: boolean;
  /** `minion` keeps a copy in the backup folder, `.bak` one beside the file. */
  readonly backup?: string;
  readonly hidden: boolean;
  readonly follow: boolean;
  readonly checkCmd: readonly string[];
}

/** `file.replace`, `file.append` …: a part of a text file. */
export interface Edited extends Placed {
  readonly is: 'edited';
  readonly fun: string;
  /** Tells this part from others of the same file. */
  readonly part: string;
  readonly edit: Edit;
  /** Make the file when there is none. */
  readonly create: boolean;
  readonly ignoreMissing: boolean;
  /** `minion` keeps a copy in the backup folder, `.bak` one beside the file. */
  readonly backup?: string;
  readonly hidden: boolean;
}

/** What `recurse` of `file.directory` applies below it. */
export interface Recursion {
  readonly user: boolean;
  readonly group: boolean;
  readonly mode: boolean;
  readonly files: boolean;
  readonly directories: boolean;
  readonly maxDepth?: number;
}

/** `file.directory`. */
export interface Directory extends Placed {
  readonly is: 'directory';
  readonly fileMode?: number;
  readonly recurse?: Recursion;
  readonly clean?: Clean;
  readonly force: boolean;
  readonly allowSymlink: boolean;
}

/** What `clean` leaves alone. */
export interface Clean {
  /** Paths that stay, with what is above and below them. */
  readonly keep: readonly string[];
  readonly exclude?: string;
}

/** `file.recurse`: files of the state tree below a folder. */
export interface Recursed extends Placed {
  readonly is: 'recursed';
  readonly files: readonly Managed[];
  /** Folders below it, outermost first; not the folder itself. */
  readonly folders: readonly string[];
  readonly clean?: Clean;
}

/** `file.symlink`. */
export interface Symlink extends Placed {
  readonly is: 'symlink';
  readonly target: string;
  readonly force: boolean;
  readonly backupName?: string;
}

/** `file.absent`. */
export interface Absent {
  readonly is: 'absent';
  readonly path: string;
}

/** `file.exists`, `file.missing`: only looks. */
export interface Presence {
  readonly is: 'presence';
  readonly path: string;
  readonly exists: boolean;
}

/** `file.copy`, `file.rename`: from a path of the host. */
export interface Transferred extends Placed {
  readonly is: 'transferred';
  readonly fun: 'copy' | 'rename';
  readonly source: string;
  readonly force: boolean;
}

/** Everything `file` can declare. */
export type FileDeclared =
  Managed | Edited | Directory | Recursed | Symlink | Absent | Presence | Transferred;
