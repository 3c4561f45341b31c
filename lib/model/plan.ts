import type { Change, Risk } from './change.ts';
import type { DiskView } from './disk-view.ts';
import type { Claim } from './resource.ts';
import type { SourceRange } from './source.ts';
import type { ChunkKey } from './state.ts';

/** What a plan says of one chunk of one host. */
export interface PlannedChunk {
  readonly key: ChunkKey;
  /** `file.managed`. */
  readonly function: string;
  readonly id: string;
  readonly name: string;
  readonly sls: string;
  readonly source: SourceRange;
  /**
   * `none`: in sync; `act`: it will change; `maybe`: it depends on what earlier steps do (`because` says on what);
   * `skip`: a condition or requisite says no; `fail`: it cannot work (`problems`). With `act` and `maybe`, problems
   * are what stays undone: the changes are made, and then it fails.
   */
  readonly verdict: 'none' | 'act' | 'maybe' | 'skip' | 'fail';
  readonly changes: readonly Change[];
  /** Restart, reload or run that a watched change will trigger; one however many changes are watched. */
  readonly refresh?: Change;
  /** The highest risk among changes and refresh. */
  readonly risk: Risk;
  readonly because?: string;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  /** What it draws from limits over all hosts; absent when nothing. */
  readonly claims?: readonly Claim[];
  /** Why it may end our own way to the host, and so is only tried until a new login confirms it; absent when it may not. */
  readonly access?: string;
  /** The disks it looks after; absent when it looks after none. */
  readonly disks?: readonly DiskView[];
}

/** What a plan says of one host: every chunk, in the order in which they run. */
export interface HostPlan {
  readonly host: string;
  readonly chunks: readonly PlannedChunk[];
  /** Hash of the normalised changes: hosts with equal ones are one group. */
  readonly group: string;
}

/** A host that the plan says nothing about, and why. */
export interface UnreadHost {
  readonly host: string;
  readonly code: string;
  readonly reason: string;
  readonly fix?: string;
}

/** What would be done to which hosts. */
export interface Plan {
  readonly format: 'slab.plan/1';
  readonly environment: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly targeted: number;
  readonly hosts: readonly HostPlan[];
  readonly unread: readonly UnreadHost[];
  readonly durationMs: number;
}
