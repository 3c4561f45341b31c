/** How often and when a state is tried again: Salt's `retry`. */
export interface Retry {
  /** All of them, the first included. */
  readonly attempts: number;
  /** The result to wait for. */
  readonly until: boolean;
  /** Seconds between two attempts. */
  readonly interval: number;
  /** Up to so many seconds more, by chance. */
  readonly splay: number;
}

/** What the global arguments of a state say of the way it runs. */
export interface RunSettings {
  /** When it fails, nothing else is begun on this host, except the refreshes of those that listen. */
  readonly failhard: boolean;
  readonly retry?: Retry;
  /** `onfail_stop: False`: when it ran well, the failures that made it run do not fail the host. */
  readonly forgives: boolean;
  /** Global arguments that mean nothing here, in words for the plan. */
  readonly notes: readonly string[];
}
