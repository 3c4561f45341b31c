import { Command } from 'commander';
import { exitCodes, worstExitCode } from '../../diagnostics/exit-codes.ts';
import type { HostResult } from '../../model/event.ts';
import type { HostPlan } from '../../model/plan.ts';
import type { PlanReport } from '../../model/report.ts';
import type { Console } from '../console.ts';
import type { Ended } from '../ended.ts';
import type { MadePlan } from '../make-plan.ts';
import type { ApplyOptions, ApplyWork } from '../apply-work.ts';
import type { Approval } from '../saved-plan.ts';
import { withChange } from '../options.ts';

/** `slab apply`: plan, show, ask, change, verify. */
export function applyCommand(ended: Ended): Command {
  const command = new Command('apply')
    .description('plan, show it, ask, bring it about, and probe everything again')
    .argument(
      '[sls...]',
      'only these SLS instead of what the top file says; or one saved plan (slab plan -o FILE)',
    )
    .option(
      '--expect <file>',
      'change only what this saved plan shows; hosts where more would change are refused',
    )
    .option('--full', 'show every group and every line of the plan');
  return withChange(command).action(async (sls: string[], options: ApplyOptions) => {
    ended.code = await apply(sls, options);
  });
}

async function apply(words: readonly string[], given: ApplyOptions): Promise<number> {
  const began = Date.now();
  const { workOf } = await import('../apply-work.ts');
  const work = await workOf(words, given);
  const { sls, options } = work;
  const { openConsole } = await import('../console.ts');
  const { makePlan } = await import('../make-plan.ts');
  const console = await openConsole(options);
  const { followRun } = await import('../follow-run.ts');
  const followed = followRun(console, options);
  const made = await makePlan({
    command: 'apply',
    sls,
    options,
    console,
    keepSessions: true,
    halt: followed.lost,
    prepare(project, run) {
      work.prepare?.(project);
      followed.keep(project.directory, run);
    },
  });
  const finish = (code: number): void =>
    console.emit({ type: 'run.finished', exitCode: code, durationMs: Date.now() - began });
  if (!('report' in made)) {
    finish(made.code);
    return made.code;
  }
  const code = await approveAndApply(made, work, console);
  finish(code);
  await made.close();
  followed.show();
  return code;
}

async function approveAndApply(
  made: MadePlan,
  { options, approval }: ApplyWork,
  console: Console,
): Promise<number> {
  const held = approval === undefined ? undefined : await holdTo(approval, made, console);
  const refused = held?.refused ?? new Map<string, HostResult>();
  const { summary } = made.report;
  const unread = summary.unread > 0 ? exitCodes.incomplete : exitCodes.done;
  console.pause();
  if (options.json !== true) await printPlan(made.report, options, console);
  if (summary.hostsChanged === 0 && summary.problems === 0) {
    return worstExitCode([unread, await noted(made, [], console)]);
  }
  const results: HostResult[] = [];
  for (const result of refused.values()) {
    results.push(result);
    console.say(`refused: ${result.host} is ${result.reason ?? ''}`);
    console.emit({ type: 'host.finished', host: result.host, result });
  }
  const count = summary.hostsChanged - refused.size;
  const { askToGoOn } = await import('../ask.ts');
  const question = `Change ${count} ${count === 1 ? 'host' : 'hosts'} in ${made.report.environment}?`;
  const say = (text: string): void => console.say(text);
  const otherwise = 'say -y to apply without being asked';
  if (count > 0 && !(await askToGoOn(question, options, { say, otherwise }))) {
    console.say('Nothing was changed.');
    return worstExitCode([exitCodes.refused, unread]);
  }
  held?.begin();
  made.stay();
  console.resume();
  const { applyHosts } = await import('../../engine/apply-hosts.ts');
  const { nothingDone } = await import('../../engine/host-result.ts');
  const changing = made.report.groups.filter((group) => !group.inSync).flatMap((group) => group.hosts);
  const hosts = changing
    .filter((name) => !refused.has(name))
    .map((name) => made.result.hosts.get(name))
    .filter((host) => host !== undefined);
  for (const host of made.result.plan.hosts.filter((each) => !changing.includes(each.host))) {
    console.emit({ type: 'host.finished', host: host.host, result: nothingDone(host.host, 'converged') });
  }
  const { applyRequest } = await import('../follow-run.ts');
  const { sayStopping } = await import('../interrupts.ts');
  const announce = (): void => sayStopping(console);
  made.interrupts.stop.addEventListener('abort', announce);
  const applied = await applyHosts(
    {
      hosts,
      replan: made.replan,
      ...(held === undefined ? {} : { hold: held.hold }),
      ...applyRequest(made.run, options, { command: 'apply', console, interrupts: made.interrupts }),
    },
    made.ports,
  );
  made.interrupts.stop.removeEventListener('abort', announce);
  results.push(...applied);
  const unnoted = await noted(made, results, console);
  // Whoever stops a run knows that steps are missing or were ended: that it was stopped says more than how they ended.
  return made.interrupts.exitCode() ?? worstExitCode([unread, unnoted, ...results.map(codeOf)]);
}

/** Notes what there is to note of disks. @returns what the exit code has to say of that. */
async function noted(made: MadePlan, results: readonly HostResult[], console: Console): Promise<number> {
  const { noteDisks } = await import('../note-disks.ts');
  return (await noteDisks(made, results, console)) ? exitCodes.done : exitCodes.badInput;
}

/** Compares a fresh plan with what was approved. */
async function holdTo(
  approval: Approval,
  made: MadePlan,
  console: Console,
): Promise<{
  readonly refused: ReadonlyMap<string, HostResult>;
  readonly hold: (plan: HostPlan) => HostResult | undefined;
  readonly begin: () => void;
}> {
  const { heldHost, noteUse } = await import('../saved-plan.ts');
  const hold = (plan: HostPlan) => heldHost(plan, approval, console);
  const refused = made.result.plan.hosts.flatMap((plan) => {
    const result = hold(plan);
    return result === undefined ? [] : [[plan.host, result] as const];
  });
  return {
    refused: new Map(refused),
    hold,
    begin: () => noteUse(made, approval),
  };
}

function codeOf(result: HostResult): number {
  switch (result.status) {
    case 'converged':
      return exitCodes.done;
    case 'failed':
    case 'unknown':
      return exitCodes.applyFailed;
    case 'unreachable':
      return exitCodes.incomplete;
    case 'refused':
      return exitCodes.refused;
    case 'stopped':
      return exitCodes.interrupted;
  }
}

async function printPlan(report: PlanReport, options: ApplyOptions, console: Console): Promise<void> {
  const { renderPlanText } = await import('../../reporters/plan-text.ts');
  console.print(renderPlanText(report, { ...console.style, full: options.full === true, command: 'apply' }));
}
