import { Command } from 'commander';
import { exitCodes, worstExitCode } from '../../diagnostics/exit-codes.ts';
import { quoteWord } from '../../shell/quote.ts';
import type { Ended } from '../ended.ts';
import {
  withFormat,
  withProject,
  withReach,
  withShow,
  withStrictness,
  withTrial,
  withUnknown,
  type FormatOptions,
  type ProjectOptions,
  type ReachOptions,
  type ShowOptions,
  type StrictOptions,
  type TrialOptions,
  type UnknownOptions,
} from '../options.ts';

/** What `slab plan` can be told. */
interface PlanOptions
  extends
    ProjectOptions,
    StrictOptions,
    ReachOptions,
    ShowOptions,
    FormatOptions,
    TrialOptions,
    UnknownOptions {
  readonly detailedExitcode?: boolean;
  readonly full?: boolean;
  readonly out?: string;
}

/** `slab plan`: what would change. It cannot write. */
export function planCommand(ended: Ended): Command {
  const command = new Command('plan')
    .description('compare what is declared with what is there; changes nothing')
    .argument('[sls...]', 'only these SLS instead of what the top file says')
    .option('-o, --out <file>', 'save the plan, to be approved and applied: slab apply FILE')
    .option('--detailed-exitcode', 'exit with 2 when something would change')
    .option('--full', 'show every group and every line');
  withUnknown(withFormat(withTrial(withShow(withReach(withStrictness(withProject(command)))))));
  return command.action(async (sls: string[], options: PlanOptions) => {
    ended.code = await plan(sls, options);
  });
}

async function plan(sls: readonly string[], options: PlanOptions): Promise<number> {
  const { openConsole } = await import('../console.ts');
  const { makePlan } = await import('../make-plan.ts');
  const console = await openConsole(options);
  if (options.out !== undefined) (await import('../saved-plan.ts')).checkPlanPath(options.out);
  const made = await makePlan({ command: 'plan', sls, options, console, keepSessions: false });
  if (!('report' in made)) return made.code;
  await made.close();
  const { report } = made;
  let saved: string | undefined;
  if (options.out !== undefined) {
    const { savePlan, shortId } = await import('../saved-plan.ts');
    const plan = savePlan(options.out, made, { options, sls, console });
    saved = `Plan ${shortId(plan)} saved in ${options.out}, valid until ${plan.expiresAt.slice(0, 16)}Z`;
  }
  if (options.json === true || options.format === 'json') {
    const { planToJson } = await import('../../plan/plan-json.ts');
    console.printJson(planToJson(report));
  } else if (options.format === 'md') {
    const { renderMarkdown } = await import('../../reporters/markdown.ts');
    console.print(renderMarkdown(report));
  } else {
    const { renderPlanText } = await import('../../reporters/plan-text.ts');
    const apply =
      options.out === undefined ? applyLine(options, sls) : `slab apply ${quoteWord(options.out)}`;
    console.print(renderPlanText(report, { ...console.style, apply, full: options.full === true }));
  }
  if (saved !== undefined) console.say(saved);
  const { summary } = report;
  return worstExitCode([
    summary.problems > 0 ? exitCodes.applyFailed : exitCodes.done,
    summary.unread > 0 ? exitCodes.incomplete : exitCodes.done,
    summary.hostsChanged > 0 && options.detailedExitcode === true ? exitCodes.differences : exitCodes.done,
  ]);
}

/** The apply of what this plan shows: the same project, hosts and SLS. */
function applyLine(options: ProjectOptions & StrictOptions & TrialOptions, sls: readonly string[]): string {
  const words = ['slab apply'];
  if (options.project !== '.') words.push(`-C ${quoteWord(options.project)}`);
  if (options.inventory !== undefined) words.push(`-i ${quoteWord(options.inventory)}`);
  if (options.target !== undefined) words.push(`-t ${quoteWord(options.target)}`);
  if (options.states.length > 0) words.push(`--states ${options.states.map(quoteWord).join(' ')}`);
  if (options.pillarData !== undefined) words.push(`--pillar-data ${quoteWord(options.pillarData)}`);
  if (options.lax === true) words.push('--lax');
  if (options.confirmWithin !== undefined) words.push(`--confirm-within ${options.confirmWithin}`);
  // After a list of folders the SLS would be folders, too.
  if (sls.length > 0) words.splice(1, 0, ...sls.map(quoteWord));
  return words.join(' ');
}
