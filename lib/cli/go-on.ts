import { ProjectError } from '../diagnostics/errors.ts';
import { findRun, listRuns } from '../project/runs.ts';
import type { RunRecord } from '../reporters/run-record.ts';
import { readBegun, readRecord } from './read-record.ts';

/** What a resumed roll-out goes on with. */
export interface GoingOn {
  readonly run: string;
  /** The first of the runs that went on with each other: the hosts know what was done by it. */
  readonly origin: string;
}

/** What is resumed, of which content. */
export interface Resuming {
  readonly directory: string;
  readonly environment: string;
  /** SHA-256 of everything the roll-out reads. */
  readonly content: string;
  /** The run that is named; otherwise the last roll-out of the environment. */
  readonly run?: string;
}

/**
 * Finds the roll-out that is gone on with: one of the same content, for what was changed since begins anew.
 * @throws ProjectError when a run is named that is no roll-out of this environment, or a record on the way cannot be read.
 */
export function goOnWith({
  directory,
  environment,
  content,
  run,
}: Resuming): { readonly goesOn: GoingOn } | { readonly changedSince: string } | undefined {
  const record =
    run === undefined ? lastRollout(directory, environment) : namedRollout(directory, environment, run);
  if (record === undefined) return undefined;
  if (record.content !== content) return { changedSince: record.run };
  return { goesOn: { run: record.run, origin: originOf(directory, record) } };
}

/** @throws ProjectError when a later record cannot be read: it may be that of a later roll-out, whose steps are not to run twice. */
function lastRollout(directory: string, environment: string): RunRecord | undefined {
  for (const run of listRuns(directory)) {
    const record = readRecord(directory, run)?.record;
    if (record?.command === 'deploy' && record.environment === environment) return record;
  }
  return undefined;
}

function namedRollout(directory: string, environment: string, id: string): RunRecord {
  const run = findRun(directory, id);
  const { record } = readBegun(directory, run);
  if (record.command === 'deploy' && record.environment === environment) return record;
  throw new ProjectError(
    'SLAB6010',
    `run ${run} is no roll-out of ${environment}: it is slab ${`${record.command} ${record.environment}`.trim()}`,
    { fix: 'slab history lists the runs of this checkout' },
  );
}

/** A run that is no longer on record ends the way back: its own id was passed on to nobody else. */
function originOf(directory: string, { run, resumes }: RunRecord): string {
  if (resumes === null || !listRuns(directory).includes(resumes)) return run;
  const earlier = readRecord(directory, resumes)?.record;
  return earlier === undefined ? run : originOf(directory, earlier);
}
