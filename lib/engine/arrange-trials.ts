import type { ChunkKey } from '../model/state.ts';
import type { PredictedChunk } from '../plan/predicted.ts';

/** A part of a host's run: what is done at once, and then what is tried together. */
export interface Stage {
  readonly plain: readonly PredictedChunk[];
  /** Empty in the last stage. */
  readonly tried: readonly PredictedChunk[];
}

/** Whether a chunk's steps may end our own way to the host, and so are tried first. */
export function isOnTrial(each: PredictedChunk): boolean {
  return each.planned.access !== undefined;
}

/**
 * Gathers everything that is on trial where the first of it stands; what it requires comes before, all else stays in
 * order. What requires both something tried and is required by something tried makes a second trial.
 */
export function arrangeTrials(predicted: readonly PredictedChunk[]): readonly Stage[] {
  const stages: Stage[] = [];
  let rest = predicted;
  for (;;) {
    const first = rest.findIndex(isOnTrial);
    if (first === -1) return [...stages, { plain: rest, tried: [] }];
    const above = ancestorsIn(rest);
    const after = new Set(
      rest.filter((each) => !isOnTrial(each) && above(each).some(isOnTrial)).map((each) => each),
    );
    const tried = rest.filter((each) => isOnTrial(each) && !above(each).some((other) => after.has(other)));
    const needed = new Set(tried.flatMap((each) => above(each)));
    const plain = rest.filter(
      (each, at) => !isOnTrial(each) && !after.has(each) && (at < first || needed.has(each)),
    );
    stages.push({ plain, tried });
    const done = new Set([...plain, ...tried]);
    rest = rest.filter((each) => !done.has(each));
  }
}

/** Everything a chunk hangs on, directly or through others. */
function ancestorsIn(chunks: readonly PredictedChunk[]): (each: PredictedChunk) => readonly PredictedChunk[] {
  const byKey = new Map<ChunkKey, PredictedChunk>(chunks.map((each) => [each.planned.key, each]));
  const known = new Map<PredictedChunk, readonly PredictedChunk[]>();
  const above = (each: PredictedChunk): readonly PredictedChunk[] => {
    const before = known.get(each);
    if (before !== undefined) return before;
    known.set(each, []);
    const direct = hangsOn(each).flatMap((key) => byKey.get(key) ?? []);
    const all = [...new Set([...direct, ...direct.flatMap(above)])];
    known.set(each, all);
    return all;
  };
  return above;
}

function hangsOn({ examined, listener, prerequired, standsOn }: PredictedChunk): readonly ChunkKey[] {
  const types = examined.chunk.requisites.filter(({ type }) =>
    listener ? type === 'listen' : type !== 'listen' && type !== 'prereq',
  );
  return [...types.flatMap(({ targets }) => targets), ...(listener ? [] : [...prerequired, ...standsOn])];
}
