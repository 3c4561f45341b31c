import { exitCodes } from '../diagnostics/exit-codes.ts';
import { SlabError } from '../diagnostics/errors.ts';
import type { Console } from './console.ts';
import type { HostDisks } from './host-disks.ts';
import type { ProjectOptions, ReachOptions, ShowOptions } from './options.ts';
import type { HostJob } from './read-hosts.ts';

/** What commands about disks can be told. */
export type DiskOptions = ProjectOptions & ReachOptions & ShowOptions;

type Job = (...words: [...Parameters<HostJob<void>>, HostDisks, Console]) => Promise<void>;

/** Looks at the disks of the targeted hosts, and does something with each. A refusal is said, and is exit code 6. */
export async function withDisks(
  options: DiskOptions,
  job: (
    read: Parameters<Job>[0],
    seen: HostDisks,
    console: Console,
    project: Parameters<Job>[1],
  ) => Promise<void>,
): Promise<number> {
  const { openResultConsole } = await import('./console.ts');
  const { withHosts } = await import('./read-hosts.ts');
  const { readHostDisks } = await import('./host-disks.ts');
  const console = await openResultConsole(options);
  const refusals: SlabError[] = [];
  const result = await withHosts(options, console, async (read, project, fleet) => {
    try {
      const seen = await readHostDisks(read, project, { console, fleet });
      console.complain(seen.diagnostics, project.source);
      await job(read, seen, console, project);
    } catch (error) {
      if (!(error instanceof SlabError)) throw error;
      refusals.push(error);
    }
  });
  if ('answers' in result && result.answers.length + result.unread.length === 0)
    console.say('error[SLAB1011]: the target matches no host');
  for (const { code, message, fix } of refusals)
    console.say(`error[${code}]: ${message}${fix === undefined ? '' : `\n  fix: ${fix}`}`);
  return refusals.length > 0 ? exitCodes.refused : result.code;
}
