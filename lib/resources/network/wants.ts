import type { Script } from '../../model/script.ts';
import type { StoredFile } from '../../network/comparison.ts';
import { withInput } from '../../shell/input.ts';
import { sh } from '../../shell/sh.ts';

/**
 * Keeps what files shall hold, or that they go, in a folder of the host, for another program to read before it is stored
 * (`slab_net_store`). Uses functions of store.sh. @param folder shell text of its name.
 */
export function keepWants(files: readonly StoredFile[], folder: Script): readonly Script[] {
  return files.map(({ path, want }) =>
    want === null
      ? sh`slab_net_want ${folder} ${path} gone`
      : withInput(sh`slab_net_want ${folder} ${path}`, want),
  );
}
