import { ProjectError } from '../diagnostics/errors.ts';
import type { OpenProject } from './open-project.ts';
import type { ChangeOptions } from './options.ts';
import { isMissingPlan, isPlanFile } from './plan-word.ts';
import type { Approval } from './saved-plan.ts';

/** What `slab apply` can be told. */
export interface ApplyOptions extends ChangeOptions {
  readonly full?: boolean;
  readonly expect?: string;
}

/** What the command line says, and what a saved plan says of it. */
export interface ApplyWork {
  readonly sls: readonly string[];
  readonly options: ApplyOptions;
  readonly approval?: Approval;
  /** Looks at the opened project, before any host is asked. @throws ProjectError when it is not what was approved. */
  readonly prepare?: (project: OpenProject) => void;
}

/** Reads the saved plan that is named. @throws ProjectError when it is not to be gone by. */
export async function workOf(words: readonly string[], options: ApplyOptions): Promise<ApplyWork> {
  const [word, ...more] = words;
  const isFile = word !== undefined && isPlanFile(word);
  refuseMissingPlans(words, options);
  if (!isFile && options.expect === undefined) return { sls: words, options };
  const clash = [
    ...more,
    ...(options.target === undefined ? [] : ['-t']),
    ...(options.expect === undefined ? [] : ['--expect']),
    ...(options.confirmWithin === undefined ? [] : ['--confirm-within']),
  ];
  if (isFile && clash.length > 0)
    throw new ProjectError(
      'SLAB6001',
      `the plan ${word} says what is applied: ${clash.join(' ')} cannot be said as well`,
    );
  const { checkPlan, checkProject, openPlan } = await import('./saved-plan.ts');
  const plan = openPlan(isFile ? word : (options.expect ?? ''));
  checkPlan(plan, options.project, new Date());
  const approval: Approval = { plan, exact: isFile };
  const { target, lax, confirmWithin } = plan;
  const given = {
    ...(confirmWithin === null ? {} : { confirmWithin }),
    ...options,
    inventory: options.inventory ?? plan.environment,
  };
  return {
    sls: isFile ? plan.sls : words,
    options: isFile ? { ...given, lax, ...(target === null ? {} : { target }) } : given,
    approval,
    prepare: (project) => checkProject(project, approval),
  };
}

/** Who names the inventory or the state trees may have an SLS of that name elsewhere: the compiler knows. */
function refuseMissingPlans(words: readonly string[], options: ApplyOptions): void {
  if (options.inventory !== undefined || options.states.length > 0) return;
  const missing = words.find((word) => isMissingPlan(word, options.project));
  if (missing === undefined) return;
  throw new ProjectError('SLAB6007', `there is no file ${missing}, and no SLS of that name`, {
    fix: `make a plan: slab plan -o ${missing}; if an SLS of the inventory's saltenvs is meant, say the environment with -i`,
  });
}
