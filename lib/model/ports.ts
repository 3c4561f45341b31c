import type { Event } from './event.ts';
import type { Host } from './inventory.ts';
import type { Plan } from './plan.ts';
import type { Script, Section, SectionResult } from './script.ts';

/** Called while an exchange runs, as the host says so. */
export interface ExchangeListener {
  readonly started?: (section: string) => void;
  readonly finished?: (result: SectionResult) => void;
  /** What a section says beside its answer while it runs (`slab_tell`): how far it is. */
  readonly told?: (section: string, words: readonly string[]) => void;
}

/** One open connection to one host, running as root. */
export interface Session {
  readonly host: string;
  /**
   * Sends sections as one program and reads their answers; they run in order, one after the other.
   * @returns one result per section, in order.
   * @throws TransportError when the line drops, times out, or the host's output breaks off; results that came until
   * then went to the listener.
   */
  exchange(sections: readonly Section[], listener?: ExchangeListener): Promise<readonly SectionResult[]>;
  /** Runs a script beside the exchange in progress, on the same connection. */
  aside(script: Script): Promise<SectionResult>;
  close(): Promise<void>;
}

/** How the core reaches the world: the only way. Handed in by lib/cli; tests hand in others. */
export interface Ports {
  readonly connect: (host: Host, signal: AbortSignal) => Promise<Session>;
  readonly emit: (event: Event) => void;
  /** Asks a person; without a terminal the answer is no. */
  readonly approve: (plan: Plan) => Promise<boolean>;
  readonly clock: Clock;
}

/** Time, as the core may know it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Decrypts one ASCII-armored message, by a program on this machine. Answers stay the same during a run, and the same text
 * is asked for once. @returns the text, or why there is none, in words for the user.
 */
export type Decrypt = (
  message: string,
) => { readonly text: string } | { readonly problem: string; readonly fix?: string };

/** A folder of text and other files that the compiler reads; answers stay the same during a run. */
export interface Tree {
  /** As the user would type it, for SourceRange.file: `states`. */
  readonly root: string;
  /** How errors name one of its files; without it, by `root` and path. */
  readonly shown?: (path: string) => string;
  /** @param path relative to the root, with `/`; undefined when there is no such file. Never leaves the root. */
  read(path: string): Uint8Array | undefined;
  /** Whether its owner may run the file; left out where files have no modes. */
  executable?(path: string): boolean;
  /** Every file's path relative to the root, sorted. */
  list(): readonly string[];
}
