import { Command } from 'commander';
import { exitCodes } from '../../diagnostics/exit-codes.ts';
import type { Ended } from '../ended.ts';
import {
  withProject,
  withShow,
  withStrictness,
  type ProjectOptions,
  type ShowOptions,
  type StrictOptions,
} from '../options.ts';

type CheckOptions = ProjectOptions & StrictOptions & ShowOptions;

/** `slab check`: compiles every host without the network. */
export function checkCommand(ended: Ended): Command {
  const command = new Command('check').description(
    'compile every host, with no network; say everything that is wrong',
  );
  withShow(withStrictness(withProject(command)));
  return command.action(async (options: CheckOptions) => {
    ended.code = await check(options);
  });
}

async function check(options: CheckOptions): Promise<number> {
  const { openConsole } = await import('../console.ts');
  const { openProject } = await import('../open-project.ts');
  const { checkFleet } = await import('../check-fleet.ts');
  const { findShared } = await import('../../engine/find-shared.ts');
  const console = await openConsole({ ...options, progress: 'none' });
  const opening = openProject(options);
  if (opening.project === undefined) {
    console.complain(opening.diagnostics, opening.source);
    return exitCodes.badInput;
  }
  const { project } = opening;
  const { done: checked, assumed, problems } = await checkFleet(project, { lax: options.lax === true });
  for (const host of checked) console.redactor.add(...host.secrets);
  for (const problem of problems)
    console.say(`a thread that checks hosts failed, others did its work: ${problem}`);
  const diagnostics = [
    ...opening.diagnostics,
    ...checked.flatMap((host) => host.diagnostics),
    ...findShared(checked.flatMap((host) => host.unshared)),
  ];
  console.complain(diagnostics, project.source);
  const errors = diagnostics.filter((each) => each.severity === 'error').length;
  const states = checked.reduce((sum, host) => sum + host.states, 0);
  if (options.json === true) console.printJson({ hosts: checked.length, states, diagnostics });
  else if (errors === 0) {
    const note =
      assumed === 0 ? '' : ` (${assumed} with the grains of a plain Debian 12: slab snapshot asks them)`;
    console.print(`${countOf(checked.length, 'host')} compile, ${countOf(states, 'state')}${note}`);
  }
  return errors > 0 ? exitCodes.badInput : exitCodes.done;
}

function countOf(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
