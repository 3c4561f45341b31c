import type { DiskView } from './disk-view.ts';
import type { UnreadHost } from './plan.ts';
import type { GivenUp } from './records.ts';
import type { PlanReport } from './report.ts';
import type { SourceRange } from './source.ts';
import type { ChunkKey } from './state.ts';

/** How one chunk ended on one host. */
export type Outcome =
  | { readonly status: 'unchanged' }
  | { readonly status: 'changed' }
  | {
      readonly status: 'failed';
      readonly step: string;
      readonly code: number | null;
      readonly output: string;
    }
  /** The line dropped while it ran: nobody knows. Never folded into failed. */
  | { readonly status: 'unknown'; readonly step: string; readonly cause: string }
  | { readonly status: 'skipped'; readonly because: string };

/** Which chunk an event speaks of. */
export interface ChunkName {
  readonly key: ChunkKey;
  /** `file.managed`. */
  readonly function: string;
  readonly id: string;
  readonly name: string;
  readonly source: SourceRange;
}

/** How one host ended. */
export interface HostResult {
  readonly host: string;
  readonly status: 'converged' | 'failed' | 'unknown' | 'unreachable' | 'stopped' | 'refused';
  readonly changed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly unknown: number;
  /** What still differs after everything was probed again; each is a failure with a name. */
  readonly remaining: readonly ChunkName[];
  /** Its disks as they were found afterwards, for the ledger; absent when none are declared, or nobody looked. */
  readonly disks?: readonly DiskView[];
  /** What a person had agreed to destroy and is destroyed, or may be, for the ledger; absent when nothing is. */
  readonly destroyed?: readonly GivenUp[];
  readonly durationMs: number;
  readonly reason?: string;
  readonly fix?: string;
}

/** Everything that happens in a run. The stream is the journal, the progress display and the audit log. */
export type Event =
  | {
      readonly type: 'run.started';
      readonly command: string;
      readonly run: string;
      readonly environment: string;
      readonly hosts: readonly string[];
      /** Who began it, where, and as which process there. */
      readonly by?: string;
      readonly process?: number;
      /** The last commit of the project, and whether files differed from it. */
      readonly commit?: string | null;
      readonly dirty?: boolean;
      /** SHA-256 of everything a roll-out reads. */
      readonly content?: string;
      /** The stages of a roll-out, in their order. */
      readonly stages?: readonly {
        readonly name: string;
        readonly hosts: number;
        readonly batches: number;
        /** So many failures are let pass. */
        readonly allowed: number;
      }[];
      /** The run that this one goes on with. */
      readonly resumes?: string;
    }
  | { readonly type: 'host.connecting'; readonly host: string }
  | { readonly type: 'host.connected'; readonly host: string; readonly durationMs: number }
  | { readonly type: 'host.unread'; readonly host: string; readonly unread: UnreadHost }
  /** Something that the probes left open is looked at once more; `done` of `total` such looks have ended. */
  | {
      readonly type: 'host.looking';
      readonly host: string;
      readonly what: string;
      readonly done: number;
      readonly total: number;
    }
  /**
   * A long piece of work says how far it is: `done` of `total` bytes of a proof. Of a phase that cannot say how far it is (`mkfs`)
   * both are 0. At most one for each hundredth.
   */
  | {
      readonly type: 'host.progress';
      readonly host: string;
      readonly what: string;
      readonly phase: string;
      readonly done: number;
      readonly total: number;
    }
  /** `changes`: states that would act. */
  | {
      readonly type: 'host.planned';
      readonly host: string;
      readonly changes: number;
      readonly states: number;
    }
  | { readonly type: 'plan.ready'; readonly report: PlanReport }
  /** From here on the host may change: its program is sent. */
  | { readonly type: 'host.applying'; readonly host: string }
  /** `after`: it was left behind, or its holder gave no sign of life; whose it was. */
  | { readonly type: 'lock.taken'; readonly host: string; readonly after?: string }
  | { readonly type: 'lock.released'; readonly host: string }
  /** Somebody else is at work on the host; it is asked again. */
  | {
      readonly type: 'lock.waiting';
      readonly host: string;
      readonly reason: string;
      readonly seconds: number;
    }
  | {
      readonly type: 'chunk.started';
      readonly host: string;
      readonly chunk: ChunkName;
      readonly step: string;
    }
  | {
      readonly type: 'chunk.finished';
      readonly host: string;
      readonly chunk: ChunkName;
      readonly outcome: Outcome;
      readonly durationMs: number;
    }
  /**
   * What may end our own way to a host is on trial there. `armed`: the host takes it back after `seconds` unless a new
   * login confirms it; `waiting`: it is not confirmed yet, and why; the others are how it ended.
   */
  | {
      readonly type: 'trial';
      readonly host: string;
      readonly trial: string;
      readonly phase: 'armed' | 'waiting' | 'confirmed' | 'rolled-back' | 'refused' | 'unknown';
      readonly seconds: number;
      /** For a person: what is tried, or why it is where it is. */
      readonly message: string;
    }
  | { readonly type: 'host.verifying'; readonly host: string }
  | { readonly type: 'host.finished'; readonly host: string; readonly result: HostResult }
  /** A retry, fallback, skip or timeout: nothing is silent. */
  | {
      readonly type: 'notice';
      readonly level: 'info' | 'warning';
      readonly host?: string;
      readonly code: string;
      readonly message: string;
    }
  /** A roll-out goes on, or does not: a stage or batch begins or ends, a gate answers, it waits, it halts. */
  | {
      readonly type: 'rollout';
      readonly step: 'stage' | 'batch' | 'drain' | 'gate' | 'wait' | 'halt' | 'end';
      readonly stage: string;
      readonly level: 'info' | 'warning';
      readonly message: string;
      readonly hosts: readonly string[];
    }
  | { readonly type: 'run.stopping'; readonly reason: string }
  | { readonly type: 'run.finished'; readonly exitCode: number; readonly durationMs: number };
