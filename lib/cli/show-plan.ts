import { exitCodes } from '../diagnostics/exit-codes.ts';
import { savedPlanText } from '../plan/saved-plan.ts';
import { openResultConsole } from './console.ts';
import type { FormatOptions, ShowOptions } from './options.ts';
import { openPlan, shortId } from './saved-plan.ts';

/** A saved plan, printed again. */
export async function showPlan(path: string, options: ShowOptions & FormatOptions): Promise<number> {
  const console = await openResultConsole(options);
  const plan = openPlan(path);
  if (options.json === true || options.format === 'json') console.print(savedPlanText(plan));
  else if (options.format === 'md') {
    const { renderMarkdown } = await import('../reporters/markdown.ts');
    console.print(renderMarkdown(plan.report));
  } else {
    const { renderPlanText } = await import('../reporters/plan-text.ts');
    console.print(renderPlanText(plan.report, { ...console.style, apply: `slab apply ${path}`, full: true }));
    const dirty = plan.dirty ? ' with files that are not in it' : '';
    const commit = plan.commit === null ? 'no commit' : `commit ${plan.commit.slice(0, 9)}${dirty}`;
    console.print(`Plan ${shortId(plan)} of ${commit}, valid until ${plan.expiresAt.slice(0, 16)}Z`);
  }
  return exitCodes.done;
}
