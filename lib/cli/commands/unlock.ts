import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { exitCodes, worstExitCode } from '../../diagnostics/exit-codes.ts';
import type { Unlocked } from '../../engine/locks.ts';
import type { Ended } from '../ended.ts';
import type { OpenProject } from '../open-project.ts';
import type { HostJob } from '../read-hosts.ts';
import {
  withProject,
  withReach,
  withShow,
  type ProjectOptions,
  type ReachOptions,
  type ShowOptions,
} from '../options.ts';

interface UnlockOptions extends ProjectOptions, ReachOptions, ShowOptions {
  readonly reason: string;
}

/** `slab unlock HOST --reason TEXT`: takes a host's lock away from a run. */
export function unlockCommand(ended: Ended): Command {
  const command = new Command('unlock')
    .description(
      'take the lock of a host away from the run that holds it, which then ends before its next step',
    )
    .argument('<host>', 'the host')
    .requiredOption('--reason <text>', 'why; it is recorded on the host and here')
    .addHelpText(
      'after',
      `
A lock needs no unlocking when its holder has died: it is free then, or after a minute without a sign of life.
A step that runs is never ended: what is said then is that the lock becomes free after it.

Example:
  slab unlock web01 --reason "anna's laptop is asleep, she knows"`,
    );
  withShow(withReach(withProject(command)));
  return command.action(async (host: string, options: UnlockOptions) => {
    ended.code = await unlock(host, options);
  });
}

async function unlock(host: string, options: UnlockOptions): Promise<number> {
  const began = Date.now();
  const reason = options.reason.replace(/\s+/g, ' ').trim();
  if (reason === '') {
    const { ProjectError } = await import('../../diagnostics/errors.ts');
    throw new ProjectError('SLAB6001', '--reason is empty', {
      fix: 'say why the lock is taken away: whoever holds it will read it',
    });
  }
  const { openResultConsole } = await import('../console.ts');
  const { withHosts } = await import('../read-hosts.ts');
  const { followRun, whoAmI } = await import('../follow-run.ts');
  const { runFacts } = await import('../run-facts.ts');
  const { readUnlocked, unlockScript } = await import('../../engine/locks.ts');
  const console = await openResultConsole(options);
  const followed = followRun(console, { json: false });
  const run = randomBytes(4).toString('hex');
  // A name that nobody has began nothing, and leaves no record.
  const begin = ({ directory, files, hosts }: OpenProject): void => {
    followed.keep(directory, run);
    const names = hosts.map(({ name }) => name);
    const about = { command: 'unlock', run, environment: files.name, hosts: names };
    console.emit({ type: 'run.started', ...about, ...runFacts(directory) });
  };
  const job: HostJob<Unlocked & { readonly host: string }> = async ({ session }) => {
    const [answer] = await session.exchange([{ name: 'unlock', script: unlockScript(whoAmI(), reason) }]);
    const unlocked = readUnlocked(answer);
    const message = `${unlockedWords(unlocked)}. Reason: ${reason}`;
    console.emit({ type: 'notice', level: 'warning', host: session.host, code: 'SLAB5207', message });
    if (options.json !== true) console.print(`${session.host}: ${unlockedWords(unlocked)}`);
    return { host: session.host, ...unlocked };
  };
  const result = await withHosts({ ...options, target: host }, console, job, begin);
  const answers = 'answers' in result ? result.answers : [];
  if (options.json === true) console.printJson(answers);
  const left = answers.some(({ how }) => how === 'runs') ? exitCodes.refused : exitCodes.done;
  const code = worstExitCode([result.code, left]);
  console.emit({ type: 'run.finished', exitCode: code, durationMs: Date.now() - began });
  return code;
}

function unlockedWords({ how, who }: Unlocked): string {
  switch (how) {
    case 'free':
      return 'nobody held the lock';
    case 'taken':
      return `the lock was taken away from ${who}`;
    case 'runs':
      return `the lock was taken away from ${who}; a step of it still runs, and the host is free when that has ended`;
  }
}
