import { scryptSync } from 'node:crypto';
import { createRedactor, type Redactor } from '../diagnostics/redact.ts';
import type { Change, ObjectKey } from '../model/change.ts';
import type { Json } from '../model/json.ts';
import type { HostPlan, PlannedChunk } from '../model/plan.ts';
import { contentHash } from './canonical.ts';
import { isActive } from './group.ts';

/** What a plan does to one object of a host, small enough to keep: what was there and what comes of it are hashes. */
export interface Operation {
  readonly object: ObjectKey;
  /** `file.managed`. */
  readonly function: string;
  /** The fields that change, in order. */
  readonly fields: readonly string[];
  /** Hash of what the plan saw, secrets masked. */
  readonly before: string;
  /** Hash of what comes of it: actions, values, risks, what is triggered. */
  readonly after: string;
}

/** How operations are made from a plan. */
interface HashOptions {
  /** Knows the secrets of all hosts. */
  readonly redactor?: Redactor;
  /** Of the plan: what must not be shown is hashed slowly, and differently in each plan, as it may be guessable. */
  readonly salt: string;
}

/** Everything that a plan does to a host, in running order. */
export function operationsOf(
  plan: HostPlan,
  { redactor = createRedactor(), salt }: HashOptions,
): readonly Operation[] {
  return plan.chunks.filter(isActive).flatMap((chunk) => {
    const objects = [...new Set(chunk.changes.map(({ object }) => object))];
    const [first = `${moduleOf(chunk)}:${chunk.name}`] = objects;
    return (objects.length === 0 ? [first] : objects).map((object, index): Operation => {
      const changes = chunk.changes.filter((change) => change.object === object);
      const side = (which: 'before' | 'after') =>
        changes.map((change) => valueOf(change, which, { redactor, salt }));
      return {
        object: redactor.text(object),
        function: chunk.function,
        fields: changes.map(({ field }) => field),
        before: contentHash(side('before')).slice(0, HASH_LENGTH),
        after: contentHash([
          // What may run was approved to run.
          chunk.verdict === 'maybe' ? 'act' : chunk.verdict,
          changes.map(({ field, action, risk }) => [field, action, risk]),
          side('after'),
          index === 0 ? triggered(chunk) : [],
        ]).slice(0, HASH_LENGTH),
      };
    });
  });
}

const HASH_LENGTH = 32;

/** What restarts or runs because of it. */
function triggered({ refresh }: PlannedChunk): Json {
  return refresh === undefined ? [] : [refresh.object, refresh.field, refresh.action, refresh.risk];
}

function valueOf(change: Change, side: 'before' | 'after', options: Required<HashOptions>): Json {
  const { text } = change;
  if (text === undefined) return options.redactor.deep(change[side]);
  const value = text[side];
  if (text.hidden) return scryptSync(JSON.stringify([value, change[side]]), options.salt, 32).toString('hex');
  if (value !== null) return options.redactor.text(value);
  // Contents that are not here (binary, too large) are told apart by their own hash.
  return text.note === undefined ? null : change[side];
}

function moduleOf({ function: name }: PlannedChunk): string {
  return name.split('.')[0] ?? name;
}

/** Why a host is not as it was approved. */
export interface Surplus {
  readonly object: ObjectKey;
  readonly function: string;
  readonly fields: readonly string[];
  readonly reason: 'not in the plan' | 'another result' | 'another state';
}

/** What `surplusOf` says, in words. */
export const surplusWords: Readonly<Record<Surplus['reason'], string>> = {
  'not in the plan': 'the plan did not touch it',
  'another result': 'something else would come of it than what the plan showed',
  'another state': 'it no longer is what the plan saw',
};

/**
 * What a fresh plan does beyond an approved one. Doing less is fine: what was approved and is no longer needed is done already.
 * Bringing about the same from something else is not: whoever approved it has never seen what would be lost.
 */
export function surplusOf(approved: readonly Operation[], fresh: readonly Operation[]): readonly Surplus[] {
  const known = new Map(approved.map((each) => [`${each.function} ${each.object}`, each]));
  return fresh.flatMap((each): Surplus[] => {
    const { object, fields } = each;
    const about = { object, function: each.function, fields };
    const before = known.get(`${each.function} ${object}`);
    if (before === undefined) return [{ ...about, reason: 'not in the plan' }];
    if (before.after !== each.after && before.before === each.before)
      return [{ ...about, reason: 'another result' }];
    if (before.before !== each.before) return [{ ...about, reason: 'another state' }];
    return before.after === each.after ? [] : [{ ...about, reason: 'another result' }];
  });
}
