import type { Readable, Writable } from 'node:stream';

/** How a line to a shell ended: its program did, or the way to it broke. */
export type LineEnd =
  | { readonly kind: 'exit'; readonly code: number | undefined; readonly signal: string | undefined }
  | { readonly kind: 'lost'; readonly reason: string; readonly silent: boolean };

/** One running program with its three streams: an SSH channel or a process of this machine. */
export interface Line {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles, and never rejects, after both outputs were read to their ends. */
  readonly ended: Promise<LineEnd>;
  /** Lets go of the streams at once; the program notices at its next mark. */
  drop(): void;
}

/** A retry, fallback, skip or timeout that a person should see; the caller makes it an event. */
export interface Notice {
  readonly level: 'info' | 'warning';
  readonly host?: string;
  readonly code: string;
  readonly message: string;
}
