import type { ProjectOptions, ReachOptions, ShowOptions, StrictOptions, WaitOptions } from './options.ts';

/** What `slab deploy` can be told. */
export interface DeployOptions extends ProjectOptions, StrictOptions, ReachOptions, WaitOptions, ShowOptions {
  readonly yes?: boolean;
  readonly explain?: boolean;
  readonly from?: string;
  readonly resume?: boolean;
}
