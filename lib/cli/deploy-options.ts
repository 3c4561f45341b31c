import type {
  ProjectOptions,
  ReachOptions,
  RebootOptions,
  ShowOptions,
  StrictOptions,
  TrialOptions,
  UnknownOptions,
  WaitOptions,
} from './options.ts';

/** What `slab deploy` can be told. */
export interface DeployOptions
  extends
    ProjectOptions,
    StrictOptions,
    ReachOptions,
    WaitOptions,
    ShowOptions,
    TrialOptions,
    RebootOptions,
    UnknownOptions {
  readonly yes?: boolean;
  readonly explain?: boolean;
  readonly from?: string;
  /** Only these stages. */
  readonly stage?: readonly string[];
  /** `true`: the last roll-out of the environment. */
  readonly resume?: string | true;
}
