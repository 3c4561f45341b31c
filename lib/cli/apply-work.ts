import { basename } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';
import type { ProjectOptions, ReachOptions, ShowOptions, StrictOptions } from './options.ts';
import { isPlanFile } from './plan-word.ts';
import type { Approval } from './saved-plan.ts';

/** What `slab apply` can be told. */
export interface ApplyOptions extends ProjectOptions, StrictOptions, ReachOptions, ShowOptions {
  readonly yes?: boolean;
  readonly full?: boolean;
  readonly expect?: string;
  /** Seconds that what may cut slab off is on trial. */
  readonly confirmWithin?: number;
}

/** What the command line says, and what a saved plan says of it. */
export interface ApplyWork {
  readonly sls: readonly string[];
  readonly options: ApplyOptions;
  readonly approval?: Approval;
}

/** Reads the saved plan that is named. @throws ProjectError when it is not to be gone by. */
export async function workOf(words: readonly string[], options: ApplyOptions): Promise<ApplyWork> {
  const { inventory, project } = options;
  const environment =
    inventory === undefined ? undefined : basename(inventory.replace(/[/]inventory[.]yaml$/, ''));
  const [word, ...more] = words;
  if (word === undefined || !isPlanFile(word)) {
    if (options.expect === undefined) return { sls: words, options };
    const { checkPlan, openPlan } = await import('./saved-plan.ts');
    const plan = openPlan(options.expect);
    checkPlan(plan, environment, project, new Date());
    return {
      sls: words,
      options: { ...options, inventory: inventory ?? plan.environment },
      approval: { plan, exact: false },
    };
  }
  const clash = [
    ...more,
    ...(options.target === undefined ? [] : ['-t']),
    ...(options.expect === undefined ? [] : ['--expect']),
  ];
  if (clash.length > 0)
    throw new ProjectError(
      'SLAB6001',
      `the plan ${word} says what is applied: ${clash.join(' ')} cannot be said as well`,
    );
  const { checkPlan, openPlan } = await import('./saved-plan.ts');
  const plan = openPlan(word);
  checkPlan(plan, environment, project, new Date());
  const { target, lax } = plan;
  return {
    sls: plan.sls,
    options: {
      ...options,
      lax,
      inventory: inventory ?? plan.environment,
      ...(target === null ? {} : { target }),
    },
    approval: { plan, exact: true },
  };
}
