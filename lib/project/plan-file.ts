import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';
import { writeWhole } from './write-whole.ts';

/** Larger ones are none of ours. */
const MOST_BYTES = 256 * 2 ** 20;

/** Writes a saved plan, readable by its owner only. @throws ProjectError */
export function writePlanFile(path: string, text: string): void {
  try {
    writeWhole(path, text, 0o600);
  } catch (cause) {
    throw new ProjectError('SLAB6007', `the plan cannot be written to ${path}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

/** The text of a saved plan; undefined when there is no such file. @throws ProjectError when it cannot be read. */
export function readPlanFile(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= MOST_BYTES) return bytes.toString('utf8');
  } catch (cause) {
    throw new ProjectError('SLAB6007', `the plan ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  throw new ProjectError('SLAB6007', `${path} is too large for a plan`);
}

/** What is on record of a plan that an apply began with: when, and by which run; undefined when none did from here. */
export function planUse(
  directory: string,
  planId: string,
): { readonly run: string; readonly at: string } | undefined {
  const path = usePath(directory, planId);
  if (!existsSync(path)) return undefined;
  const [run = '', at = ''] = readFileSync(path, 'utf8').trim().split(' ');
  return { run, at };
}

/** Puts on record that an apply begins with a plan. @throws ProjectError when one did already, or it cannot be written. */
export function usePlan(
  directory: string,
  planId: string,
  use: { readonly run: string; readonly at: string },
): void {
  try {
    mkdirSync(join(directory, '.slab', 'plans'), { recursive: true, mode: 0o700 });
    writeFileSync(usePath(directory, planId), `${use.run} ${use.at}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new ProjectError('SLAB6008', `the use of the plan cannot be put on record: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

function usePath(directory: string, planId: string): string {
  return join(directory, '.slab', 'plans', `${planId.replace(/^sha256:/, '')}.used`);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
