import { exitCodes } from '../diagnostics/exit-codes.ts';
import { SlabError } from '../diagnostics/errors.ts';
import type { Console } from './console.ts';
import type { HostDisks } from './host-disks.ts';
import type { ProjectOptions, ReachOptions, ShowOptions } from './options.ts';
import type { HostJob } from './read-hosts.ts';

/** What commands about disks can be told. */
export type DiskOptions = ProjectOptions & ReachOptions & ShowOptions;

type Job = (...words: [...Parameters<HostJob<void>>, HostDisks, Console]) => Promise<void>;

/** What is done for a host whose disks cannot be seen, as it is off or its answer cannot be believed. @param why in words. */
type Unseen = (host: string, why: string, console: Console, project: Parameters<Job>[1]) => void;

/**
 * Looks at the disks of the targeted hosts, and does something with each. A refusal is said, and is exit code 6.
 * @param unseen is called for each host whose disks cannot be seen: what it does counts as done.
 */
export async function withDisks(
  options: DiskOptions,
  job: (
    read: Parameters<Job>[0],
    seen: HostDisks,
    console: Console,
    project: Parameters<Job>[1],
  ) => Promise<void>,
  unseen?: Unseen,
): Promise<number> {
  const { openResultConsole } = await import('./console.ts');
  const { withHosts } = await import('./read-hosts.ts');
  const { readHostDisks } = await import('./host-disks.ts');
  const console = await openResultConsole(options);
  const refusals: SlabError[] = [];
  const result = await withHosts(options, console, async (read, project, fleet) => {
    try {
      const seen = await readHostDisks(read, project, { console, fleet }).catch((error: unknown) => {
        if (unseen === undefined || !isUnread(error)) throw error;
        unseen(read.host.name, error.message, console, project);
      });
      if (seen === undefined) return;
      console.complain(seen.diagnostics, project.source);
      await job(read, seen, console, project);
    } catch (error) {
      if (!(error instanceof SlabError)) throw error;
      refusals.push(error);
    }
  });
  if ('answers' in result && unseen !== undefined)
    for (const { host, reason } of result.unread)
      try {
        unseen(host, `${host} was not read: ${reason}`, console, result.project);
      } catch (error) {
        if (!(error instanceof SlabError)) throw error;
        refusals.push(error);
      }
  if ('answers' in result && result.answers.length + result.unread.length === 0)
    console.say('error[SLAB1011]: the target matches no host');
  for (const { code, message, fix } of refusals)
    console.say(`error[${code}]: ${message}${fix === undefined ? '' : `\n  fix: ${fix}`}`);
  if (refusals.length > 0) return exitCodes.refused;
  return unseen !== undefined && result.code === exitCodes.incomplete ? exitCodes.done : result.code;
}

function isUnread(error: unknown): error is SlabError {
  return error instanceof SlabError && error.code === 'SLAB4101';
}
