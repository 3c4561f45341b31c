import type { Chunk, ChunkKey, RequisiteType } from '../model/state.ts';

/**
 * What is expected of a chunk before it ran. `left out`: one of its onchanges or onfail says no; that is a success
 * without a change, but none that a `require_any` could stand on.
 */
export type End = 'same' | 'left out' | 'changes' | 'may change' | 'fails';

/** What the requisites of a chunk look at. */
export interface Targets {
  readonly end: (key: ChunkKey) => End;
  /** It stays as expected unless something fails that nobody expects to: then it may yet run, and change something. */
  readonly sleeps: (key: ChunkKey) => boolean;
  /** What a prereq's target would do, its own requisites and conditions included. */
  readonly ahead: (key: ChunkKey) => 'yes' | 'no' | 'maybe' | 'fails';
  /** Chunks with a prereq on this one: when one of them fails, this one must not run. */
  readonly prerequired: (key: ChunkKey) => readonly ChunkKey[];
}

/** What a chunk's requisites say. */
export interface RequisiteVerdict {
  readonly run: 'yes' | 'no' | 'maybe';
  readonly because?: string;
  /** Something it requires fails, so it counts as failed itself. */
  readonly broken?: boolean;
  /** An onchanges or onfail says no: see `left out`. */
  readonly leftOut?: boolean;
  /** What made an onchanges, onfail or prereq chunk run. */
  readonly reason?: string;
  /** Whether something watched changes. */
  readonly watched: 'yes' | 'no' | 'maybe';
  /** A failure that nobody expects could turn what is said here from no to yes. */
  readonly sleeps: boolean;
}

/**
 * Judges all requisites of one chunk from what is expected of their targets, worst first, as Salt does: something
 * required fails; no prereq would change; an onfail has not failed; no onchanges changed. `_any` and `_all` stand on
 * rows of their own, and each row has to hold.
 * @param owed why it reacts to a change of an earlier run, if it does.
 */
export function judgeRequisites(chunk: Chunk, targets: Targets, owed?: string): RequisiteVerdict {
  const of = (...types: RequisiteType[]) => targetsOf(chunk, types);
  const watched = owed === undefined ? anyChanges(of('watch', 'watch_any'), targets) : 'yes';
  const asleep = of('watch', 'watch_any', 'onchanges', 'onchanges_any').some(targets.sleeps);
  const sleeps = asleep || of('onfail', 'onfail_any', 'onfail_all').length > 0;

  const failure = brokenBy(chunk, targets);
  if (failure !== undefined)
    return { run: 'no', because: failure, broken: true, watched: 'no', sleeps: false };

  const rows: readonly (Judged | undefined)[] = [
    judgePrereq(of('prereq'), targets),
    judgeOnfail(of('onfail'), targets),
    judgeOnfail(of('onfail_any'), targets),
    judgeOnfailAll(of('onfail_all'), targets),
    owed === undefined
      ? judgeOnchanges(of('onchanges', 'onchanges_any'), targets)
      : { run: 'yes', reason: owed },
  ];
  const judged = rows.filter((row) => row !== undefined);
  const verdict =
    judged.find((row) => row.run === 'no') ?? judged.find((row) => row.run === 'maybe') ?? judged[0];
  // A prereq that says no stays with that: whatever fails, its target has nothing to do.
  return { run: 'yes', ...verdict, watched, sleeps: sleeps && rows[0]?.run !== 'no' };
}

/** The targets of some types of requisite of a chunk. */
export function targetsOf(chunk: Chunk, types: readonly RequisiteType[]): readonly ChunkKey[] {
  return chunk.requisites
    .filter((requisite) => types.includes(requisite.type))
    .flatMap((requisite) => requisite.targets);
}

/** A chunk's tag as people say it: `file.managed /etc/hosts`. */
export function label(key: ChunkKey): string {
  const [module = '', , name = '', fun = ''] = key.split('_|-');
  return `${module}.${fun} ${name}`;
}

type Judged = Pick<RequisiteVerdict, 'run' | 'because' | 'leftOut' | 'reason'>;

/** Why a chunk cannot run: what it requires fails. */
function brokenBy(chunk: Chunk, targets: Targets): string | undefined {
  const fails = (key: ChunkKey) => targets.end(key) === 'fails';
  const strict = [...targetsOf(chunk, ['require', 'watch', 'onchanges']), ...targets.prerequired(chunk.key)];
  const broken = strict.find(fails);
  if (broken !== undefined) return `requires ${label(broken)}, which fails`;
  for (const type of ['require_any', 'watch_any'] as const) {
    const any = targetsOf(chunk, [type]);
    if (any.some(fails) && any.every((key) => fails(key) || targets.end(key) === 'left out'))
      return `requires any of ${any.map(label).join(', ')}, which all fail`;
  }
  const changes = targetsOf(chunk, ['onchanges_any']);
  const first = changes.find(fails);
  if (first !== undefined && anyChanges(changes, targets) === 'no')
    return `requires ${label(first)}, which fails`;
  const ahead = targetsOf(chunk, ['prereq']).find((key) => targets.ahead(key) === 'fails');
  return ahead === undefined ? undefined : `comes before ${label(ahead)}, which fails`;
}

function anyChanges(keys: readonly ChunkKey[], { end }: Targets): 'yes' | 'no' | 'maybe' {
  if (keys.some((key) => end(key) === 'changes')) return 'yes';
  return keys.some((key) => end(key) === 'may change') ? 'maybe' : 'no';
}

function judgeOnchanges(keys: readonly ChunkKey[], { end }: Targets): Judged | undefined {
  if (keys.length === 0) return undefined;
  const changed = keys.find((key) => end(key) === 'changes');
  if (changed !== undefined) return { run: 'yes', reason: `${label(changed)} changes` };
  const may = keys.find((key) => end(key) === 'may change');
  if (may !== undefined) return { run: 'maybe', because: `only if ${label(may)} changes` };
  return { run: 'no', because: 'none of its onchanges changes', leftOut: true };
}

function judgeOnfail(keys: readonly ChunkKey[], { end }: Targets): Judged | undefined {
  if (keys.length === 0) return undefined;
  const failed = keys.find((key) => end(key) === 'fails');
  if (failed !== undefined) return { run: 'yes', reason: `${label(failed)} fails` };
  return { run: 'no', because: `only if ${keys.map(label).join(', ')} fails`, leftOut: true };
}

function judgeOnfailAll(keys: readonly ChunkKey[], { end }: Targets): Judged | undefined {
  if (keys.length === 0) return undefined;
  const well = keys.filter((key) => end(key) !== 'fails');
  if (well.length === 0) return { run: 'yes', reason: 'all of its onfail_all fail' };
  return { run: 'no', because: `only if ${well.map(label).join(', ')} fails`, leftOut: true };
}

function judgePrereq(keys: readonly ChunkKey[], { ahead }: Targets): Judged | undefined {
  if (keys.length === 0) return undefined;
  const next = keys.find((key) => ahead(key) === 'yes');
  if (next !== undefined) return { run: 'yes', reason: `${label(next)} is going to change` };
  const may = keys.find((key) => ahead(key) === 'maybe');
  return may === undefined
    ? { run: 'no', because: 'none of its prereq changes' }
    : { run: 'maybe', because: `only if ${label(may)} is going to change` };
}
