import type { ProjectOptions, ReachOptions, ShowOptions, StrictOptions } from './options.ts';

/** What `slab deploy` can be told. */
export interface DeployOptions extends ProjectOptions, StrictOptions, ReachOptions, ShowOptions {
  readonly yes?: boolean;
  readonly explain?: boolean;
  readonly from?: string;
  readonly resume?: boolean;
}
