import { Ajv } from 'ajv';
import type { Json, JsonObject } from '../model/json.ts';
import type { PlanReport } from '../model/report.ts';
import { contentHash } from './canonical.ts';
import type { Operation } from './operations.ts';
import { planToJson } from './plan-json.ts';
import { planSchema } from './plan.schema.ts';
import { savedPlanSchema } from './saved-plan.schema.ts';

/** A plan to be looked at, approved and applied later. No secrets, and nothing that is run. */
export interface SavedPlan {
  readonly format: 'slab.saved-plan/1';
  /** `sha256:` and the hash of everything else in it. */
  readonly planId: string;
  readonly slab: string;
  readonly environment: string;
  /** SHA-256 of the inventory's text. */
  readonly inventory: string;
  readonly target: string | null;
  readonly sls: readonly string[];
  readonly lax: boolean;
  /** Seconds that what may cut slab off is on trial; null: as long as usual. */
  readonly confirmWithin: number | null;
  /** The project's commit; null where there is none. */
  readonly commit: string | null;
  /** Whether files differed from the commit. */
  readonly dirty: boolean;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  /** Salt of hashes that could be guessed. */
  readonly salt: string;
  readonly report: PlanReport;
  /** By host, in running order; hosts without changes have none. */
  readonly operations: Readonly<Record<string, readonly Operation[]>>;
}

/** Gives a plan its id. */
export function sealPlan(plan: Omit<SavedPlan, 'format' | 'planId'>): SavedPlan {
  const whole = { format: savedPlanSchema.$id, ...plan } as const;
  // Through JSON first: what is undefined is not in the file.
  const planId = `sha256:${contentHash(JSON.parse(JSON.stringify(whole)))}`;
  return { ...whole, planId };
}

/** A plan as it is written to a file; equal plans give equal texts. */
export function savedPlanText(plan: SavedPlan): string {
  return `${JSON.stringify(plan, undefined, 1)}\n`;
}

/** Reads a saved plan. @returns it, or what is wrong with it, in words. */
export function readSavedPlan(text: string): { readonly plan: SavedPlan } | { readonly problem: string } {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    return { problem: 'it is no JSON' };
  }
  if (!isObject(json)) return { problem: 'it is no JSON object' };
  if (json['format'] !== savedPlanSchema.$id)
    return { problem: `its format is ${JSON.stringify(json['format'] ?? null)}, not ${savedPlanSchema.$id}` };
  const ajv = new Ajv({ strict: true });
  if (!ajv.compile(savedPlanSchema)(json))
    return { problem: `it has not the shape of one (slab schema saved-plan)` };
  const object: JsonObject = json;
  const { planId, ...whole } = object;
  if (planId !== `sha256:${contentHash(whole)}`) return { problem: 'it was changed after it was made' };
  // The schema holds everything but the report, which must make a plan again.
  const plan = json as unknown as SavedPlan;
  try {
    if (ajv.compile(planSchema)(planToJson(plan.report))) return { plan };
  } catch {
    // A report of another shape: said below.
  }
  return { problem: 'its report is not one' };
}

function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
