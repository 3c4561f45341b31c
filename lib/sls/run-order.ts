import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { orderGraph } from '../graph/order-graph.ts';
import type { Chunk, ChunkKey, Requisite } from '../model/state.ts';
import { mistake } from './mistake.ts';
import { ORDERING } from './requisite-words.ts';

/** Chunks in the order in which they run. */
export interface RunOrder {
  readonly chunks: readonly Chunk[];
  /** One for each cycle. */
  readonly diagnostics: readonly Diagnostic[];
}

const PREREQ = ORDERING.indexOf('prereq');

/** A reason why one chunk comes after another. */
interface Reason {
  readonly target: ChunkKey;
  readonly requisite: Requisite;
  /** Where the reason stands: the chunk itself, or for `prereq` the one that has to run first. */
  readonly writtenOn: ChunkKey;
}

/**
 * Walks the sorted chunks as Salt's scheduler does: what a chunk requires and has not run yet runs before it, in the
 * fixed order of the requisites, whatever the numbers say. A `prereq` runs before its target, but after what the target
 * requires, because the target is tried first.
 */
export function orderRun(sorted: readonly Chunk[]): RunOrder {
  const after = reasons(sorted);
  const needs = new Map<ChunkKey, readonly ChunkKey[]>();
  for (const chunk of sorted) {
    const own = after.get(chunk.key) ?? [];
    const trial = needsOfTargets(chunk, after);
    const targets = (kept: (place: number) => boolean): ChunkKey[] =>
      own.filter(({ requisite }) => kept(ORDERING.indexOf(requisite.type))).map((reason) => reason.target);
    const earlier = targets((place) => place < PREREQ);
    const later = targets((place) => place > PREREQ);
    needs.set(chunk.key, [...earlier, ...trial, ...later, ...targets((place) => place === PREREQ)]);
  }
  const byKey = new Map(sorted.map((chunk) => [chunk.key, chunk]));
  const { order, cycles } = orderGraph([...byKey.keys()], needs);
  return {
    chunks: order.flatMap((key) => byKey.get(key) ?? []),
    diagnostics: cycles.map((cycle) => cycleMistake(cycle, byKey, after)),
  };
}

/** Why each chunk waits, in the order in which Salt pulls. */
function reasons(chunks: readonly Chunk[]): Map<ChunkKey, Reason[]> {
  const after = new Map<ChunkKey, Reason[]>(chunks.map((chunk) => [chunk.key, []]));
  for (const chunk of chunks)
    for (const type of ORDERING)
      for (const requisite of chunk.requisites)
        if (requisite.type === type && type !== 'prereq')
          for (const target of requisite.targets)
            after.get(chunk.key)?.push({ target, requisite, writtenOn: chunk.key });
  for (const chunk of chunks)
    for (const requisite of chunk.requisites)
      if (requisite.type === 'prereq')
        for (const target of requisite.targets)
          after.get(target)?.push({ target: chunk.key, requisite, writtenOn: chunk.key });
  return after;
}

/** What the targets of a chunk's `prereq` require, except what itself has to wait for this chunk. */
function needsOfTargets(chunk: Chunk, after: ReadonlyMap<ChunkKey, readonly Reason[]>): ChunkKey[] {
  const needs: ChunkKey[] = [];
  for (const requisite of chunk.requisites)
    if (requisite.type === 'prereq')
      for (const target of requisite.targets)
        for (const reason of after.get(target) ?? [])
          if (reason.requisite.type !== 'prereq' && !waitsFor(reason.target, chunk.key, after))
            needs.push(reason.target);
  return needs;
}

function waitsFor(
  from: ChunkKey,
  wanted: ChunkKey,
  after: ReadonlyMap<ChunkKey, readonly Reason[]>,
): boolean {
  const seen = new Set<ChunkKey>();
  const open = [from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (key === wanted) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const each of (after.get(key) ?? []).map((reason) => reason.target)) open.push(each);
  }
  return false;
}

function cycleMistake(
  cycle: readonly ChunkKey[],
  byKey: ReadonlyMap<ChunkKey, Chunk>,
  after: ReadonlyMap<ChunkKey, readonly Reason[]>,
): Diagnostic {
  const steps = cycle.map((key, index) => {
    const next = cycle[(index + 1) % cycle.length];
    return { key, next, reason: after.get(key)?.find((reason) => reason.target === next) };
  });
  const label = (key: ChunkKey | undefined): string => {
    const chunk = key === undefined ? undefined : byKey.get(key);
    return chunk === undefined ? '' : `${chunk.module}: ${chunk.id}`;
  };
  const related = steps.flatMap(({ key, next, reason }) => {
    if (reason === undefined) return [];
    const message =
      reason.writtenOn === key
        ? `${label(key)} waits for ${label(next)} (${reason.requisite.type})`
        : `${label(next)} comes before ${label(key)} (${reason.requisite.type})`;
    return [{ source: reason.requisite.source, message }];
  });
  const path = [...cycle, cycle[0]].map(label).join(' → ');
  const place = related[0]?.source ?? byKey.get(cycle[0] as ChunkKey)?.source;
  if (cycle.length === 1) {
    const named = steps[0]?.reason?.requisite.targets.length ?? 0;
    return mistake('SLAB2015', `${label(cycle[0])} waits for itself`, place, {
      ...(named > 1
        ? {
            why: `this entry names ${named} states, and this one is among them`,
            fix: 'name the states that are meant one by one',
          }
        : { why: 'it could never run', fix: 'remove this entry, or name the state that is meant' }),
      related,
    });
  }
  return mistake('SLAB2015', `states wait for each other: ${path}`, place, {
    why: 'none of them could ever be the first to run',
    fix: 'remove one of these requisites',
    related,
  });
}
