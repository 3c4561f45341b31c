import { createHash, randomBytes } from 'node:crypto';
import { ProjectError } from '../diagnostics/errors.ts';
import type { HostResult } from '../model/event.ts';
import { operationsOf, surplusOf, surplusWords, type Surplus } from '../plan/operations.ts';
import { readSavedPlan, savedPlanText, sealPlan, type SavedPlan } from '../plan/saved-plan.ts';
import { planUse, readPlanFile, usePlan, writePlanFile } from '../project/plan-file.ts';
import { lastCommit } from '../project/revision.ts';
import type { Console } from './console.ts';
import type { MadePlan } from './make-plan.ts';
import type { ProjectOptions, StrictOptions } from './options.ts';
import { version } from './version.ts';

/** How long a saved plan may be applied. */
const VALID_HOURS = 24;

/** Writes a plan to a file, for `slab apply FILE` and `--expect`. */
export function savePlan(
  path: string,
  made: MadePlan,
  {
    options,
    sls,
    console,
  }: {
    readonly options: ProjectOptions & StrictOptions;
    readonly sls: readonly string[];
    readonly console: Console;
  },
): SavedPlan {
  const { report, result, project } = made;
  const salt = randomBytes(16).toString('hex');
  const plan = sealPlan({
    slab: version,
    environment: project.files.name,
    inventory: inventoryHash(made),
    target: options.target ?? null,
    sls,
    lax: options.lax === true,
    ...lastCommit(project.directory),
    expiresAt: new Date(Date.parse(report.madeAt) + VALID_HOURS * 3_600_000).toISOString(),
    salt,
    report,
    operations: Object.fromEntries(
      result.plan.hosts.flatMap((host) => {
        const operations = operationsOf(host, { redactor: console.redactor, salt });
        return operations.length === 0 ? [] : [[host.host, operations]];
      }),
    ),
  });
  writePlanFile(path, savedPlanText(plan));
  return plan;
}

function inventoryHash({ project }: MadePlan): string {
  return createHash('sha256').update(project.files.inventory.text).digest('hex');
}

/** Reads a saved plan. @throws ProjectError when it is none, or not whole. */
export function openPlan(path: string): SavedPlan {
  const read = readSavedPlan(readPlanFile(path));
  if ('plan' in read) return read.plan;
  throw new ProjectError('SLAB6007', `${path} is no plan to go by: ${read.problem}`, {
    fix: `make it again: slab plan -o ${path}`,
  });
}

/** A plan's first characters, as people say them. */
export function shortId({ planId }: SavedPlan): string {
  return planId.slice('sha256:'.length, 'sha256:'.length + 9);
}

/** Refuses a plan that is too old, was used, or is of another environment. @throws ProjectError */
export function checkPlan(
  plan: SavedPlan,
  environment: string | undefined,
  directory: string,
  now: Date,
): void {
  const refuse = (why: string): never => {
    throw new ProjectError('SLAB6008', `the plan ${shortId(plan)} is refused: ${why}`, {
      fix: 'make a new one: slab plan -o FILE',
    });
  };
  if (now.toISOString() > plan.expiresAt) refuse(`it was valid until ${plan.expiresAt}`);
  const used = planUse(directory, plan.planId);
  if (used !== undefined) refuse(`run ${used.run} began with it at ${used.at}`);
  if (environment !== undefined && environment !== plan.environment)
    refuse(`it is of the environment ${plan.environment}, not ${environment}`);
}

/** What an apply is held to. */
export interface Approval {
  readonly plan: SavedPlan;
  /** `apply FILE`: the same from the same; `--expect FILE`: nothing but what was reviewed. */
  readonly exact: boolean;
}

/** Hosts of a fresh plan that may not be changed, with what goes beyond what was approved. */
export function refusedHosts(
  made: MadePlan,
  { plan, exact }: Approval,
  console: Console,
): ReadonlyMap<string, readonly Surplus[]> {
  if (exact && plan.inventory !== inventoryHash(made))
    throw new ProjectError(
      'SLAB6008',
      `the plan ${shortId(plan)} is refused: the inventory is not the one that it was made with`,
      {
        fix: `look at what changed (${plan.commit === null ? 'git log' : `git diff ${plan.commit.slice(0, 9)}`} -- ${made.project.files.inventory.file}), and make a new plan`,
      },
    );
  const found = made.result.plan.hosts.flatMap((host): [string, readonly Surplus[]][] => {
    const fresh = operationsOf(host, { redactor: console.redactor, salt: plan.salt });
    const surplus = surplusOf(plan.operations[host.host] ?? [], fresh, { exact });
    return surplus.length === 0 ? [] : [[host.host, surplus]];
  });
  return new Map(found);
}

/** Puts on record that an apply begins with a plan, so that none does again. */
export function noteUse(made: MadePlan, { plan, exact }: Approval): void {
  if (exact) usePlan(made.project.directory, plan.planId, { run: made.run, at: new Date().toISOString() });
}

/** The end of a host whose changes were not approved: nothing was written to it. */
export function refusedResult(host: string, surplus: readonly Surplus[], { plan }: Approval): HostResult {
  const lines = surplus.map(
    ({ object, fields, reason }) =>
      `${object.replace(':', ' ')}${fields.length === 0 ? '' : ` (${fields.join(', ')})`}: ${surplusWords[reason]}`,
  );
  return {
    host,
    status: 'refused',
    changed: 0,
    failed: 0,
    skipped: 0,
    unknown: 0,
    remaining: [],
    durationMs: 0,
    reason: `not as approved in the plan ${shortId(plan)}: ${lines.join('; ')}`,
    fix: `look at it and approve a new plan: slab plan -t ${host} -o FILE`,
  };
}
