import type { Chunk, ChunkKey, Requisite } from '../model/state.ts';

/** What is expected of a chunk before it ran. */
export type Fate = 'same' | 'changes' | 'may change' | 'fails';

/** What a chunk's requisites say. */
export interface RequisiteVerdict {
  readonly run: 'yes' | 'no' | 'maybe';
  readonly because?: string;
  /** Something it requires fails, so it counts as failed itself. */
  readonly broken?: boolean;
  /** What made an onchanges, onfail or prereq chunk run. */
  readonly reason?: string;
  /** Whether something watched changes. */
  readonly watched: 'yes' | 'no' | 'maybe';
}

/**
 * Judges all requisites of one chunk from what is expected of their targets; Salt's rules (each kind on its own row):
 * require and watch fail with any target, their `_any` only with all; onchanges and onfail are an OR; prereq looks at
 * what its targets would do.
 */
export function judgeRequisites(
  chunk: Chunk,
  fates: ReadonlyMap<ChunkKey, Fate>,
  wouldChange: (key: ChunkKey) => boolean,
): RequisiteVerdict {
  const fate = (key: ChunkKey): Fate => fates.get(key) ?? 'same';
  const of = (...types: Requisite['type'][]) =>
    chunk.requisites.filter((each) => types.includes(each.type)).flatMap((each) => each.targets);

  const broken = of('require', 'watch').find((key) => fate(key) === 'fails');
  if (broken !== undefined) return blocked(`requires ${label(broken)}, which fails`);
  for (const type of ['require_any', 'watch_any'] as const) {
    const targets = of(type);
    const [first] = targets;
    if (first !== undefined && targets.every((key) => fate(key) === 'fails')) {
      return blocked(`requires any of ${targets.map(label).join(', ')}, which all fail`);
    }
  }

  const watched = anyChanges(of('watch', 'watch_any', 'listen'), fate);
  const alternatives = [
    judgeOnchanges(of('onchanges', 'onchanges_any'), of('onchanges'), fate),
    judgeOnfail(of('onfail', 'onfail_any'), of('onfail_all'), fate),
    judgePrereq(of('prereq'), wouldChange),
  ].filter((verdict) => verdict !== undefined);
  const stopped = alternatives.find((verdict) => verdict.run === 'no');
  if (stopped !== undefined) return { ...stopped, watched };
  const doubtful = alternatives.find((verdict) => verdict.run === 'maybe');
  if (doubtful !== undefined) return { ...doubtful, watched };
  return {
    run: 'yes',
    watched,
    ...(alternatives[0]?.reason === undefined ? {} : { reason: alternatives[0].reason }),
  };
}

/** A chunk's tag as people say it: `file.managed /etc/hosts`. */
export function label(key: ChunkKey): string {
  const [module = '', , name = '', fun = ''] = key.split('_|-');
  return `${module}.${fun} ${name}`;
}

type Judged = Omit<RequisiteVerdict, 'watched'>;

function blocked(because: string): RequisiteVerdict {
  return { run: 'no', because, broken: true, watched: 'no' };
}

function anyChanges(targets: readonly ChunkKey[], fate: (key: ChunkKey) => Fate): 'yes' | 'no' | 'maybe' {
  if (targets.some((key) => fate(key) === 'changes')) return 'yes';
  return targets.some((key) => fate(key) === 'may change') ? 'maybe' : 'no';
}

function judgeOnchanges(
  targets: readonly ChunkKey[],
  strict: readonly ChunkKey[],
  fate: (key: ChunkKey) => Fate,
): Judged | undefined {
  if (targets.length === 0) return undefined;
  const broken = strict.find((key) => fate(key) === 'fails');
  if (broken !== undefined)
    return { run: 'no', because: `requires ${label(broken)}, which fails`, broken: true };
  const changed = targets.find((key) => fate(key) === 'changes');
  if (changed !== undefined) return { run: 'yes', reason: `${label(changed)} changes` };
  const may = targets.find((key) => fate(key) === 'may change');
  if (may !== undefined) return { run: 'maybe', because: `only if ${label(may)} changes` };
  return { run: 'no', because: 'none of its onchanges changes' };
}

function judgeOnfail(
  any: readonly ChunkKey[],
  all: readonly ChunkKey[],
  fate: (key: ChunkKey) => Fate,
): Judged | undefined {
  if (any.length === 0 && all.length === 0) return undefined;
  const failed = any.find((key) => fate(key) === 'fails');
  if (failed !== undefined) return { run: 'yes', reason: `${label(failed)} fails` };
  if (all.length > 0 && all.every((key) => fate(key) === 'fails'))
    return { run: 'yes', reason: 'all of its onfail_all fail' };
  const targets = [...any, ...all];
  return { run: 'no', because: `only if ${targets.map(label).join(', ')} fails` };
}

function judgePrereq(
  targets: readonly ChunkKey[],
  wouldChange: (key: ChunkKey) => boolean,
): Judged | undefined {
  if (targets.length === 0) return undefined;
  const next = targets.find(wouldChange);
  return next === undefined
    ? { run: 'no', because: 'none of its prereq changes' }
    : { run: 'yes', reason: `${label(next)} is going to change` };
}
