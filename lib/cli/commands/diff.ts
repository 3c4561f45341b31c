import { Command, Option } from 'commander';
import { escapeControl } from '../../diagnostics/escape.ts';
import { exitCodes, worstExitCode } from '../../diagnostics/exit-codes.ts';
import type { Ended } from '../ended.ts';
import {
  withFormat,
  withProject,
  withShow,
  type FormatOptions,
  type ProjectOptions,
  type ShowOptions,
} from '../options.ts';

/** What `slab diff` can be told. */
interface DiffOptions extends ProjectOptions, ShowOptions, FormatOptions {
  readonly base: string;
  readonly head?: string;
  readonly untrusted?: boolean;
  readonly detailedExitcode?: boolean;
  readonly full?: boolean;
}

/** `slab diff`: how what is declared changes from one git revision to another. */
export function diffCommand(ended: Ended): Command {
  const command = new Command('diff')
    .description('compare what two git revisions declare for every host; asks no host')
    .addOption(
      new Option(
        '--base <revision>',
        'the older revision; where it has gone on, the commit both share',
      ).default('HEAD'),
    )
    .option('--head <revision>', 'the newer revision (default: the files as they are; with --untrusted HEAD)')
    .option(
      '--untrusted',
      'somebody else wrote it: run no program, decrypt nothing, read nothing outside, bounded time and memory',
    )
    .option('--detailed-exitcode', 'exit with 2 when something changes')
    .option('--full', 'show every group and every line');
  withFormat(withShow(withProject(command)));
  return command.action(async (options: DiffOptions) => {
    ended.code = await diff(options);
  });
}

async function diff(options: DiffOptions): Promise<number> {
  const { openResultConsole } = await import('../console.ts');
  const { diffFleet } = await import('../diff-fleet.ts');
  const { reportPlan } = await import('../../plan/report.ts');
  const console = await openResultConsole(options);
  const found = await diffFleet({
    options,
    base: options.base,
    untrusted: options.untrusted === true,
    ...(options.head === undefined ? {} : { head: options.head }),
  });
  try {
    // Not as arguments: a fleet may have more of them than a call takes.
    for (const secret of new Set(found.secrets)) console.redactor.add(secret);
    for (const notice of found.notices) console.say(`note: ${escapeControl(notice)}`);
    console.complain(found.diagnostics, found.source);
    if (found.diagnostics.some((each) => each.severity === 'error')) return exitCodes.badInput;
    const report = reportPlan(found.plan, console.redactor);
    const between = { from: found.from, to: found.to };
    if (options.json === true || options.format === 'json') {
      const { diffToJson } = await import('../../plan/plan-json.ts');
      console.printJson(diffToJson(report, between));
    } else if (options.format === 'md') {
      const { renderMarkdown } = await import('../../reporters/markdown.ts');
      console.print(renderMarkdown(report, { between, notes: found.notices }));
    } else {
      const { renderPlanText } = await import('../../reporters/plan-text.ts');
      const full = options.full === true;
      console.print(renderPlanText(report, { ...console.style, command: 'diff', between, full }));
    }
    return worstExitCode([
      report.summary.unread > 0 ? exitCodes.incomplete : exitCodes.done,
      report.summary.hostsChanged > 0 && options.detailedExitcode === true
        ? exitCodes.differences
        : exitCodes.done,
    ]);
  } finally {
    found.close();
  }
}
