import { Command, Option } from 'commander';
import { exitCodes } from '../../diagnostics/exit-codes.ts';
import type { Ended } from '../ended.ts';
import { positive, withShow, type ShowOptions } from '../options.ts';

interface HistoryOptions extends ShowOptions {
  readonly project: string;
  readonly last: number;
}

/** `slab history`: the runs of this checkout. */
export function historyCommand(ended: Ended): Command {
  const command = new Command('history')
    .description('the runs of this checkout that could change hosts: when, who, what, and how they ended')
    .addOption(new Option('-C, --project <dir>', 'the project folder').env('SLAB_PROJECT').default('.'))
    .addOption(new Option('-n, --last <n>', 'so many').argParser(positive).default(20))
    .addHelpText('after', '\nExamples:\n  slab history\n  slab history -n 5 --json');
  withShow(command);
  return command.action(async (options: HistoryOptions) => {
    ended.code = await history(options);
  });
}

async function history(options: HistoryOptions): Promise<number> {
  const { openResultConsole } = await import('../console.ts');
  const { listRuns } = await import('../../project/runs.ts');
  const { ProjectError } = await import('../../diagnostics/errors.ts');
  const { readRecord } = await import('../read-record.ts');
  const { renderHistory } = await import('../../reporters/run-text.ts');
  const { isAlive } = await import('../run-facts.ts');
  const console = await openResultConsole(options);
  const runs = listRuns(options.project)
    .slice(0, options.last)
    .flatMap((run) => {
      try {
        const found = readRecord(options.project, run);
        if (found === undefined) return [];
        const { record, gap } = found;
        if (gap !== undefined) console.say(`note: ${gap}`);
        return [{ record, alive: isAlive(record) }];
      } catch (error) {
        // The others are still worth showing.
        if (!(error instanceof ProjectError)) throw error;
        console.say(`note: not listed: ${error.message}; ${error.fix ?? ''}`);
        return [];
      }
    });
  if (options.json === true)
    console.printJson(
      runs.map(({ record: { hosts, ...record }, alive }) => ({
        ...record,
        running: alive,
        hosts: Object.fromEntries(hosts.map(({ host, state }) => [host, state])),
      })),
    );
  else console.print(renderHistory(runs, console.style));
  return exitCodes.done;
}
