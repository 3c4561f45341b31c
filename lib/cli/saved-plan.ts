import { createHash, randomBytes } from 'node:crypto';
import { ProjectError } from '../diagnostics/errors.ts';
import { nothingDone } from '../engine/host-result.ts';
import type { HostResult } from '../model/event.ts';
import type { HostPlan } from '../model/plan.ts';
import { operationsOf, surplusOf, surplusWords, type Surplus } from '../plan/operations.ts';
import { readSavedPlan, savedPlanText, sealPlan, type SavedPlan } from '../plan/saved-plan.ts';
import { planUse, readPlanFile, usePlan, writePlanFile } from '../project/plan-file.ts';
import { lastCommit } from '../project/revision.ts';
import type { Console } from './console.ts';
import type { MadePlan } from './make-plan.ts';
import type { OpenProject } from './open-project.ts';
import type { ProjectOptions, StrictOptions, TrialOptions } from './options.ts';
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
    readonly options: ProjectOptions & StrictOptions & TrialOptions;
    readonly sls: readonly string[];
    readonly console: Console;
  },
): SavedPlan {
  const { report, result, project } = made;
  const salt = randomBytes(16).toString('hex');
  const plan = sealPlan({
    slab: version,
    environment: project.files.name,
    inventory: inventoryHash(project.files),
    target: options.target ?? null,
    sls,
    lax: options.lax === true,
    confirmWithin: options.confirmWithin ?? null,
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

function inventoryHash({ inventory }: OpenProject['files']): string {
  return createHash('sha256').update(inventory.text).digest('hex');
}

/** Refuses to put a plan in the place of a file that is none. @throws ProjectError */
export function checkPlanPath(path: string): void {
  const text = readPlanFile(path);
  if (text === undefined || 'plan' in readSavedPlan(text)) return;
  throw new ProjectError('SLAB6007', `${path} is there, and is no plan: it is not written over`, {
    fix: 'name another file, or remove that one',
  });
}

/** Reads a saved plan. @throws ProjectError when it is none, or not whole. */
export function openPlan(path: string): SavedPlan {
  const text = readPlanFile(path);
  const read = text === undefined ? { problem: 'there is no such file' } : readSavedPlan(text);
  if ('plan' in read) return read.plan;
  throw new ProjectError('SLAB6007', `${path} is no plan to go by: ${read.problem}`, {
    fix: 'make one: slab plan -o FILE',
  });
}

/** A plan's first characters, as people say them. */
export function shortId({ planId }: SavedPlan): string {
  return planId.slice('sha256:'.length, 'sha256:'.length + 9);
}

/** Refuses a plan that is too old, or was used. @throws ProjectError */
export function checkPlan(plan: SavedPlan, directory: string, now: Date): void {
  if (now.toISOString() > plan.expiresAt) throw refusal(plan, `it was valid until ${plan.expiresAt}`);
  const used = planUse(directory, plan.planId);
  if (used !== undefined) throw refusal(plan, `run ${used.run} began with it at ${used.at}`);
}

/** Refuses a plan that is of another environment or, to be applied exactly, of another inventory. @throws ProjectError */
export function checkProject({ files }: OpenProject, { plan, exact }: Approval): void {
  if (files.name !== plan.environment)
    throw refusal(plan, `it is of the environment ${plan.environment}, not ${files.name}`);
  if (!exact || plan.inventory === inventoryHash(files)) return;
  const look = plan.commit === null ? 'git log' : `git diff ${plan.commit.slice(0, 9)}`;
  throw refusal(
    plan,
    'the inventory is not the one that it was made with',
    `look at what changed (${look} -- ${files.inventory.file}), and make a new plan`,
  );
}

function refusal(plan: SavedPlan, why: string, fix = 'make a new one: slab plan -o FILE'): ProjectError {
  return new ProjectError('SLAB6008', `the plan ${shortId(plan)} is refused: ${why}`, { fix });
}

/** What an apply is held to. */
export interface Approval {
  readonly plan: SavedPlan;
  /** `apply FILE`: the same from the same; `--expect FILE`: nothing but what was reviewed. */
  readonly exact: boolean;
}

/** How a host ends whose fresh plan goes beyond what was approved: nothing is written to it. */
export function heldHost(host: HostPlan, { plan }: Approval, console: Console): HostResult | undefined {
  const fresh = operationsOf(host, { redactor: console.redactor, salt: plan.salt });
  const surplus = surplusOf(plan.operations[host.host] ?? [], fresh);
  return surplus.length === 0 ? undefined : refusedResult(host.host, surplus, plan);
}

/** Puts on record that an apply begins with a plan, so that none does again. */
export function noteUse(made: MadePlan, { plan, exact }: Approval): void {
  if (exact) usePlan(made.project.directory, plan.planId, { run: made.run, at: new Date().toISOString() });
}

function refusedResult(host: string, surplus: readonly Surplus[], plan: SavedPlan): HostResult {
  const lines = surplus.map(
    ({ object, fields, reason }) =>
      `${object.replace(':', ' ')}${fields.length === 0 ? '' : ` (${fields.join(', ')})`}: ${surplusWords[reason]}`,
  );
  return nothingDone(host, 'refused', {
    reason: `not as approved in the plan ${shortId(plan)}: ${lines.join('; ')}`,
    fix: `look at it and approve a new plan: slab plan -t ${host} -o FILE`,
  });
}
