import type { ObjectKey } from '../model/change.ts';
import type { Chunk, ChunkKey } from '../model/state.ts';

/** A chunk with the objects it owns and the ones it silently depends on. */
interface Dependent {
  readonly chunk: Chunk;
  readonly declared: { readonly objects: readonly ObjectKey[]; readonly needs: readonly ObjectKey[] };
}

/**
 * Moves what a chunk silently needs (a file its owner's user, a mount its directory) before it, where it is declared
 * later and nothing written speaks against that. Everything else keeps its place; requisites keep their direction.
 */
export function orderByNeeds<T extends Dependent>(chunks: readonly T[]): readonly T[] {
  const places = new Map<ChunkKey, number>(chunks.map((each, place) => [each.chunk.key, place]));
  const owners = new Map<ObjectKey, number>();
  chunks.forEach((each, place) => {
    for (const object of each.declared.objects) if (!owners.has(object)) owners.set(object, place);
  });
  const early = chunks.map((each, place) =>
    each.declared.needs
      .map((need) => owners.get(need))
      .filter((owner) => owner !== undefined)
      .filter((owner) => owner > place),
  );
  if (early.every((owners) => owners.length === 0)) return chunks;

  const written = (place: number): readonly number[] =>
    (chunks[place]?.chunk.requisites ?? [])
      .filter((requisite) => requisite.type !== 'prereq' && requisite.type !== 'listen')
      .flatMap((requisite) => requisite.targets)
      .map((key) => places.get(key))
      .filter((target) => target !== undefined);
  /** Chunks that are waiting for what they need: whatever requires one of them cannot come before it. */
  const waiting = new Set<number>();
  const requiresWaiting = (from: number, seen = new Set<number>()): boolean => {
    if (waiting.has(from)) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return written(from).some((next) => requiresWaiting(next, seen));
  };

  const placed = new Set<number>();
  const ordered: T[] = [];
  const put = (place: number): void => {
    const chunk = chunks[place];
    if (placed.has(place) || chunk === undefined) return;
    placed.add(place);
    waiting.add(place);
    for (const target of written(place)) put(target);
    for (const owner of early[place] ?? []) if (!requiresWaiting(owner)) put(owner);
    waiting.delete(place);
    ordered.push(chunk);
  };
  chunks.forEach((_, place) => put(place));
  return ordered;
}
