import type { Change } from '../model/change.ts';
import { unknownProblem } from './left-behind.ts';
import { conclude, type ExaminedChunk, type Result } from './predicted.ts';

/**
 * What the plan says of a state whose fate an earlier run has settled, or that a person has to settle; undefined when
 * it is compared as any other.
 */
export function settledBefore(examined: ExaminedChunk): Result | undefined {
  const { left } = examined;
  if (left?.begun !== undefined)
    return conclude(examined, { verdict: 'fail', problems: [unknownProblem(left.begun)] });
  if (left?.takenForDone !== undefined) {
    const change: Change = {
      object: examined.declared.objects[0] ?? `state:${examined.chunk.id}`,
      field: `run ${left.takenForDone.run}`,
      action: 'update',
      before: 'unknown',
      after: 'taken for done',
      risk: 'read',
      certainty: 'exact',
    };
    return conclude(examined, { verdict: 'act', changes: [change], fate: 'same', because: 'it is not run' });
  }
  if (left?.doneBy !== undefined)
    return conclude(examined, {
      verdict: 'none',
      notes: [`run ${left.doneBy} did it, which this goes on with`],
    });
  return undefined;
}
