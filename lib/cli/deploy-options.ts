import type { ChangeOptions } from './options.ts';

/** What `slab deploy` can be told. */
export interface DeployOptions extends ChangeOptions {
  readonly explain?: boolean;
  readonly from?: string;
  /** Only these stages. */
  readonly stage?: readonly string[];
  /** `true`: the last roll-out of the environment. */
  readonly resume?: string | true;
}
