import type { Script } from '../../model/script.ts';
import { withInput } from '../../shell/input.ts';
import { sh } from '../../shell/sh.ts';

/** Writes a file by the functions of store.sh, or takes it away. */
export function write(path: string, want: string | null): Script {
  return want === null ? sh`slab_net_gone ${path}` : withInput(sh`slab_net_put ${path}`, want);
}
