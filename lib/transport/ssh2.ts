/** The ssh2 package. */
export type Ssh2 = typeof import('ssh2');

let loaded: Promise<Ssh2> | undefined;

/** Loads ssh2 when the first connection needs it: that costs some 50 ms, which a command without SSH should not pay. */
export function loadSsh2(): Promise<Ssh2> {
  // A CommonJS package: not all of its names are seen as exports by every loader, `default` has them all.
  loaded ??= import('ssh2').then((module: Ssh2 & { default?: Ssh2 }) => module.default ?? module);
  return loaded;
}
