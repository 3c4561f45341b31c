import { ProjectError } from '../diagnostics/errors.ts';
import { didYouMean } from '../diagnostics/near.ts';
import { writePlace } from '../diagnostics/place.ts';
import type { PassedStage } from '../project/rollout-file.ts';
import type { ArrangedStage } from '../rollout/arrange.ts';
import type { StageChoice, UnmetNeed } from '../rollout/choose.ts';

/** Which stages a content has passed, and in which run each. */
export function passedIn(records: readonly PassedStage[], content: string): ReadonlyMap<string, string> {
  return new Map(records.filter((each) => each.content === content).map(({ stage, run }) => [stage, run]));
}

/** @throws ProjectError when a stage is chosen that is not there. */
export function mustHaveStages(stages: readonly ArrangedStage[], { from, only = [] }: StageChoice): void {
  const names = stages.map(({ stage }) => stage.name);
  for (const wanted of [...(from === undefined ? [] : [from]), ...only])
    if (!names.includes(wanted))
      throw new ProjectError('SLAB6001', `there is no stage ${wanted}`, {
        fix: didYouMean(wanted, names) ?? `stages: ${names.join(', ')}`,
      });
}

/** Why a stage may not begin, with the runs in which this content and others passed what. */
export function needWords(
  { stage, need }: UnmetNeed,
  records: readonly PassedStage[],
  content: string,
): string {
  const last = records
    .filter((each) => each.stage === need.name)
    .sort((a, b) => b.at.localeCompare(a.at))
    .at(0);
  const other =
    last === undefined
      ? 'nothing has passed it in this checkout'
      : `other content passed it in run ${last.run} of ${last.at}`;
  const own = [...passedIn(records, content)].map(([name, run]) => `${name} in run ${run}`);
  const mine = own.length === 0 ? '' : `; this content has passed ${own.join(', ')}`;
  return `what would be rolled out now has not passed ${need.name}, which the stage ${stage.name} needs (${writePlace(need.source)}): ${other}${mine}`;
}
