import { SlabError } from '../diagnostics/errors.ts';
import { run } from './process.ts';
import type { ScriptName } from './scripts.ts';

/**
 * Ends every process in groups below the lab's (none named: in all of it); with them go their mounts and networks.
 * Gives back the loop devices of files under `folder`, when one is named.
 */
export async function endGroups(
  script: (name: ScriptName) => string,
  lab: string,
  groups: readonly string[],
  folder?: string,
): Promise<void> {
  const end = ['--mount', '--propagation', 'private', 'sh', script('end-hosts.sh'), lab, ...groups];
  const ended = await run('unshare', end);
  if (ended.code !== 0) throw new SlabError('SLAB6003', `the lab could not be ended: ${ended.output}`);
  if (folder === undefined) return;
  const detached = await run('sh', [script('detach-disks.sh'), folder]);
  if (detached.code !== 0)
    throw new SlabError('SLAB6003', `a disk of the lab could not be given back: ${detached.output}`);
}
