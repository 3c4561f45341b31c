import type { Json } from '../model/json.ts';
import type { Prospect } from '../model/resource.ts';
import { conditionSaysNo, dependsOnCommands } from './condition.ts';
import type { ExaminedChunk } from './predicted.ts';

/** What the conditions say before anything ran, and whether earlier steps may turn it round. */
export function judgeConditions(
  examined: ExaminedChunk,
  prospect: Prospect,
): { readonly run: 'yes' | 'no' | 'maybe'; readonly because?: string } {
  // What nobody could answer is a failure, not a reason to leave the state out.
  if (examined.conditions === undefined || examined.problem !== undefined) return { run: 'yes' };
  const { asked, answer } = examined.conditions;
  const created = asked.creates.map(
    (path, i) => answer.creates[i] === true || exists(prospect.predicted(`file:${path}`)),
  );
  const because = conditionSaysNo(asked, { ...answer, creates: created });
  const open = dependsOnCommands(asked) && prospect.earlier.length > 0;
  if (because === undefined) return { run: 'yes' };
  return open
    ? { run: 'maybe', because: `${because}; earlier steps may change that` }
    : { run: 'no', because };
}

function exists(observation: Json | undefined): boolean {
  return (
    typeof observation === 'object' &&
    observation !== null &&
    'exists' in observation &&
    observation['exists'] === true
  );
}

/** What a failing `check_cmd` says of a state without changes; sure unless earlier steps or another try may help. */
export function judgeCheck(
  { check, settings }: ExaminedChunk,
  prospect: Prospect,
): { readonly problem: string; readonly sure: boolean } | undefined {
  if (check?.failing === undefined) return undefined;
  const sure = prospect.earlier.length === 0 && settings?.retry === undefined;
  return { problem: `check_cmd fails: ${check.failing}`, sure };
}
