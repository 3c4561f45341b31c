declare const quoted: unique symbol;

/** POSIX shell text in which every word was quoted by type. Made by lib/shell only. */
export interface Script {
  readonly [quoted]: true;
  readonly text: string;
}

/** A value that must never be printed: it shows itself as `[redacted]` wherever it is written out. */
export interface Secret {
  /** The value itself; the only way to it. */
  reveal(): string;
  toString(): '[redacted]';
  toJSON(): '[redacted]';
}

/** One part of a program for a host; its output comes back under its name. */
export interface Section {
  /** Unique within one exchange; letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  readonly script: Script;
  /** Runs in the shell itself instead of a subshell, so that functions and variables stay for later sections. */
  readonly inline?: boolean;
}

/** What one section answered. */
export interface SectionResult {
  readonly name: string;
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
  readonly durationMs: number;
}
