import { ProjectError } from '../diagnostics/errors.ts';
import { exitCodes } from '../diagnostics/exit-codes.ts';
import { didYouMean } from '../diagnostics/near.ts';
import { findRun } from '../project/runs.ts';
import { renderRun } from '../reporters/run-text.ts';
import { openResultConsole } from './console.ts';
import type { FormatOptions, ProjectOptions, ShowOptions } from './options.ts';
import { readBegun } from './read-record.ts';
import { isAlive } from './run-facts.ts';

/** A run on record: how its hosts stand, and what ran. */
export async function showRun(
  id: string,
  names: readonly string[],
  options: Pick<ProjectOptions, 'project'> & ShowOptions & FormatOptions,
): Promise<number> {
  const run = findRun(options.project, id);
  const { record, gap } = readBegun(options.project, run);
  const [only] = names;
  const hosts = record.hosts.filter(({ host }) => only === undefined || host === only);
  if (only !== undefined && hosts.length === 0)
    throw new ProjectError('SLAB6010', `run ${run} had no host ${only}`, {
      fix:
        didYouMean(
          only,
          record.hosts.map(({ host }) => host),
        ) ?? `slab show ${run}`,
    });
  const console = await openResultConsole(options);
  if (gap !== undefined) console.say(`note: ${gap}`);
  const alive = isAlive(record);
  if (options.json === true || options.format === 'json')
    console.printJson({ format: 'slab.run/1', ...record, hosts, running: alive });
  else console.print(renderRun(record, { ...console.style, alive, ...(only === undefined ? {} : { only }) }));
  return exitCodes.done;
}
