import type { NeededStage, RolloutStage } from '../model/rollout.ts';
import type { ArrangedStage } from './arrange.ts';

/** Which stages a run begins; all of them when nothing is said. */
export interface StageChoice {
  /** The first one; those before it are left out. */
  readonly from?: string;
  /** Only these, in the order of the roll-out. */
  readonly only?: readonly string[];
  /** Begin with the first that the content has not passed. */
  readonly resume?: boolean;
}

/** The stages of a run. @param passed what this content has passed before. */
export function chooseStages(
  stages: readonly ArrangedStage[],
  passed: ReadonlySet<string>,
  { from, only, resume = false }: StageChoice,
): readonly ArrangedStage[] {
  if (only !== undefined) return stages.filter(({ stage }) => only.includes(stage.name));
  const begin = (test: (stage: RolloutStage) => boolean): readonly ArrangedStage[] => {
    const first = stages.findIndex(({ stage }) => test(stage));
    return first < 0 ? [] : stages.slice(first);
  };
  if (from !== undefined) return begin(({ name }) => name === from);
  return resume ? begin(({ name }) => !passed.has(name)) : stages;
}

/** A stage that may not begin, and what it needs first. */
export interface UnmetNeed {
  readonly stage: RolloutStage;
  readonly need: NeededStage;
}

/**
 * What stages need that the content has neither passed before nor passes earlier in this run. Where there is none, no stage
 * of the run begins before everything that it needs was passed: a run halts at the first stage that is not.
 */
export function unmetNeeds(
  chosen: readonly ArrangedStage[],
  passed: ReadonlySet<string>,
): readonly UnmetNeed[] {
  const reached = new Set(passed);
  return chosen.flatMap(({ stage }) => {
    const unmet = stage.needs.filter(({ name }) => !reached.has(name));
    reached.add(stage.name);
    return unmet.map((need) => ({ stage, need }));
  });
}
