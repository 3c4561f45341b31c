import type { ChunkName, Outcome } from '../model/event.ts';
import type { ChunkKey } from '../model/state.ts';
import type { PredictedChunk } from '../plan/predicted.ts';
import { targetsOf } from '../plan/requisites.ts';

/** How the chunks of one host ended. */
export type Outcomes = Map<ChunkKey, { readonly chunk: ChunkName; readonly outcome: Outcome }>;

/** What differs although it was done: each is a failure with a name. */
export function stillDiffering(after: readonly PredictedChunk[], outcomes: Outcomes): readonly ChunkName[] {
  return after
    .filter((each) => {
      const { planned, examined } = each;
      const outcome = outcomes.get(planned.key)?.outcome.status ?? 'unchanged';
      if (outcome !== 'changed' && outcome !== 'unchanged') return false;
      if (examined.declared.alwaysRuns || isConsequence(each)) return false;
      // Its steps may be what makes the question unanswerable, and the state itself was then not compared.
      const heard = examined.conditions?.answer.heard ?? [];
      if ([...heard].some(([, { problem }]) => problem !== undefined)) return false;
      return planned.problems.length > 0 || (planned.verdict === 'act' && planned.changes.length > 0);
    })
    .map((each) => chunkName(each.planned));
}

/** Failures that made a state with `onfail_stop: False` run, which ended well: they were expected, and seen to. */
export function forgivenFailures(
  predicted: readonly PredictedChunk[],
  outcomes: Outcomes,
): ReadonlySet<ChunkKey> {
  const rescuers = predicted.filter(({ examined, planned }) => {
    const status = outcomes.get(planned.key)?.outcome.status;
    return examined.settings?.forgives === true && (status === 'changed' || status === 'unchanged');
  });
  return new Set(
    rescuers.flatMap(({ examined }) => targetsOf(examined.chunk, ['onfail', 'onfail_any', 'onfail_all'])),
  );
}

/** States that run for another reason than what they look like themselves. */
function isConsequence(each: PredictedChunk): boolean {
  const asked = each.examined.conditions?.asked;
  const onlyWhile =
    asked !== undefined && asked.onlyif.length > 0 && asked.unless.length + asked.creates.length === 0;
  const types = each.examined.chunk.requisites.map((requisite) => requisite.type);
  return (
    (onlyWhile && each.examined.chunk.module === 'cmd') ||
    types.some((type) => /^(onchanges|onfail|prereq)/.test(type))
  );
}

/** What events call a chunk. */
export function chunkName(chunk: ChunkName): ChunkName {
  return { key: chunk.key, function: chunk.function, id: chunk.id, name: chunk.name, source: chunk.source };
}
