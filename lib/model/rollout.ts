import type { SourceRange } from './source.ts';

/** How a change goes out: stage by stage, from hosts that matter little to those that matter most. */
export interface Rollout {
  readonly stages: readonly RolloutStage[];
  /** By name. */
  readonly gates: ReadonlyMap<string, Gate>;
  /** Failures in all stages together that halt the run; undefined: only the stages' own budgets count. */
  readonly budget?: Amount;
}

/** Hosts that are changed before the next ones are begun. */
export interface RolloutStage {
  readonly name: string;
  readonly source: SourceRange;
  /** A folder under `inventories/`; undefined is the roll-out's own. */
  readonly environment?: string;
  /** A target expression. Hosts of earlier stages are left out. */
  readonly target: string;
  /** Stages that a content has to have passed before this one begins with it; unless written, the one before. */
  readonly needs: readonly NeededStage[];
  /** Only so many of them, those with the label first. */
  readonly pick?: {
    readonly count: number;
    readonly prefer?: { readonly label: string; readonly value: string };
  };
  /** Whether it may have no hosts; it is passed at once then. Otherwise that is a mistake. */
  readonly allowEmpty: boolean;
  readonly batch: BatchSize;
  /** Target expressions, in whose order hosts are begun: no batch has hosts of two of them; those of none come last. */
  readonly order?: readonly string[];
  /** Takes a host out of service before it is changed, and back when it has converged. */
  readonly drain?: CommandOn;
  readonly undrain?: CommandOn;
  /** A failure more than this halts the run; hosts that are not reached count. */
  readonly budget: Amount;
  readonly gates: readonly string[];
  /** How long the stage is watched when all its hosts are done. */
  readonly soakMs: number;
}

/** The name of a stage that another one needs. */
export interface NeededStage {
  readonly name: string;
  readonly source: SourceRange;
}

/** Shell text about a host, with `{host}` and `{address}` in it. */
export interface CommandOn {
  readonly command: string;
  /** Where it runs: `host` is the host itself, `controller` this machine, anything else a host's name. */
  readonly on: string;
  readonly source: SourceRange;
}

/** A number of hosts, or a share of them in percent. */
export type Amount = { readonly count: number } | { readonly percent: number };

/** How many hosts are changed at once. */
export interface BatchSize {
  readonly size: Amount;
  readonly max?: number;
  /** A label: hosts that share its value are not put together as long as others are left. */
  readonly spreadBy?: string;
  readonly pauseMs: number;
}

/** When a gate is asked: before a stage, after each batch, again and again while a stage soaks. */
export type GateMoment = 'before' | 'after' | 'soak';

/** A question whose answer must be yes for the roll-out to go on. No answer is a no. */
export interface Gate {
  readonly name: string;
  readonly source: SourceRange;
  readonly when: readonly GateMoment[];
  /** How often it is asked until it says yes, and how long it waits in between. */
  readonly tries: number;
  readonly everyMs: number;
  readonly check: GateCheck;
}

/** What a gate looks at. */
export type GateCheck =
  /** A second plan finds nothing to do. */
  | { readonly of: 'converged' }
  /** systemd units are active. */
  | { readonly of: 'units'; readonly units: readonly string[] }
  /** A port takes connections from this machine. */
  | { readonly of: 'tcp'; readonly port: number }
  /** A URL, with `{host}` and `{address}` in it, answers this machine with a status. */
  | { readonly of: 'http'; readonly url: string; readonly expect: number }
  /**
   * An S3 service takes an object, hands it over unchanged, lists and removes it; the URL is the bucket's, once a host
   * where it has `{host}` or `{address}` in it.
   */
  | { readonly of: 's3'; readonly url: string; readonly region: string; readonly keys: S3Keys }
  /** A shell command ends with 0, on each host as root or once on this machine. */
  | { readonly of: 'command'; readonly command: string; readonly on: 'host' | 'controller' };

/** Where keys are: a file of the project or elsewhere, or a variable of slab's environment. */
export interface S3Keys {
  readonly from: 'file' | 'env';
  readonly name: string;
}
