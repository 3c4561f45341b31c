import { Command, Option } from 'commander';
import { ProjectError } from '../../diagnostics/errors.ts';
import { exitCodes } from '../../diagnostics/exit-codes.ts';
import type { Ended } from '../ended.ts';

interface AbortOptions {
  readonly project: string;
  readonly reason?: string;
}

/** `slab abort RUN`: ends a run of this checkout, as Ctrl-C there would. */
export function abortCommand(ended: Ended): Command {
  return new Command('abort')
    .description('end an apply or deploy of this checkout before its next step, as one Ctrl-C there would')
    .argument('<run>', 'its id, or how that begins: slab history lists them')
    .option('--reason <text>', 'why; it is recorded')
    .addOption(new Option('-C, --project <dir>', 'the project folder').env('SLAB_PROJECT').default('.'))
    .addHelpText(
      'after',
      '\nA run of another machine ends when its hosts are taken from it: slab unlock.\n\nExample:\n  slab abort 7f3a --reason "wrong branch"',
    )
    .action(async (run: string, options: AbortOptions) => {
      ended.code = await abort(run, options);
    });
}

async function abort(id: string, { project, reason }: AbortOptions): Promise<number> {
  const { findRun, requestAbort } = await import('../../project/runs.ts');
  const { endingWords } = await import('../../reporters/run-record.ts');
  const { isAlive } = await import('../run-facts.ts');
  const { readBegun } = await import('../read-record.ts');
  const { whoAmI } = await import('../follow-run.ts');
  const run = findRun(project, id);
  const { record } = readBegun(project, run);
  const machine = record.by?.split('@')[1];
  if (record.exitCode === null && machine !== undefined && machine !== whoAmI().split('@')[1])
    throw new ProjectError('SLAB6010', `run ${run} is one of ${record.by}, on another machine`, {
      fix: `slab abort ${run}  there; or take its hosts from it: slab unlock HOST --reason TEXT`,
    });
  if (!isAlive(record))
    throw new ProjectError(
      'SLAB6010',
      `run ${run} is not at work on this machine: ${endingWords(record, false)}`,
      { fix: `slab show ${run}` },
    );
  requestAbort(project, run, `${whoAmI()}${reason === undefined ? '' : `: ${reason.replace(/\s+/g, ' ')}`}`);
  process.stdout.write(`run ${run} ends before its next step: slab show ${run}\n`);
  return exitCodes.done;
}
