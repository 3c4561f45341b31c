import { Command } from 'commander';
import { abortCommand } from './commands/abort.ts';
import { applyCommand } from './commands/apply.ts';
import { checkCommand } from './commands/check.ts';
import { completionCommand } from './commands/completion.ts';
import { deployCommand } from './commands/deploy.ts';
import { diffCommand } from './commands/diff.ts';
import { diskCommand } from './commands/disk.ts';
import { docCommand } from './commands/doc.ts';
import { doctorCommand } from './commands/doctor.ts';
import { fmtCommand } from './commands/fmt.ts';
import { grainsCommand } from './commands/grains.ts';
import { historyCommand } from './commands/history.ts';
import { hostsCommand } from './commands/hosts.ts';
import { initCommand } from './commands/init.ts';
import { labCommand } from './commands/lab.ts';
import { planCommand } from './commands/plan.ts';
import { runCommand } from './commands/run.ts';
import { schemaCommand } from './commands/schema.ts';
import { showCommand } from './commands/show.ts';
import { snapshotCommand } from './commands/snapshot.ts';
import { trustCommand } from './commands/trust.ts';
import { explainCommand } from './commands/explain.ts';
import { unlockCommand } from './commands/unlock.ts';
import type { Ended } from './ended.ts';
import { version } from './version.ts';

/** Every command of slab. What a command needs is loaded when it runs, so that help and completion come at once. */
export function createProgram(ended: Ended): Command {
  const program = new Command('slab')
    .description('Brings hosts to the state that SLS files declare, over SSH. A plan cannot write.')
    .version(version, '-V, --version')
    .enablePositionalOptions()
    .showHelpAfterError('(slab --help lists the commands)')
    .addHelpText('after', EXAMPLES);
  for (const make of [
    initCommand,
    planCommand,
    applyCommand,
    deployCommand,
    historyCommand,
    abortCommand,
    checkCommand,
    diffCommand,
    hostsCommand,
    grainsCommand,
    snapshotCommand,
    showCommand,
    diskCommand,
    explainCommand,
    runCommand,
    unlockCommand,
    trustCommand,
    doctorCommand,
    fmtCommand,
    docCommand,
    schemaCommand,
    completionCommand,
    labCommand,
  ]) {
    program.addCommand(make(ended));
  }
  throwInsteadOfExit(program);
  return program;
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwInsteadOfExit(child);
}

const EXAMPLES = `
Examples:
  slab init site                    a small project to begin with
  slab lab up 3                     three throw-away hosts on this machine
  slab plan -i inventories/lab      what would change; changes nothing
  slab apply -i inventories/lab     plan, ask, change, verify
  slab doc file.managed             a state function's arguments and examples

Exit codes: 0 done · 1 bug · 2 differences (plan --detailed-exitcode) · 3 bad input · 4 some hosts not reached
            5 apply failed · 6 refused before any write · 7 roll-out halted · 130 interrupted · 143 terminated`;
