import { ProjectError } from '../diagnostics/errors.ts';
import { readRun } from '../project/runs.ts';
import { recordRun, type RunRecord } from '../reporters/run-record.ts';

/** A run on record. */
interface ReadRecord {
  readonly record: RunRecord;
  /** What of its record cannot be read, for people; undefined: nothing. */
  readonly gap?: string;
}

/**
 * Reads what is on record of a run. Undefined: it ended before it began with anything.
 * @throws ProjectError when its record does not say how it began, or is that of another run: nothing can be gone by then.
 */
export function readRecord(directory: string, run: string): ReadRecord | undefined {
  const { path, events, damaged, cut, empty } = readRun(directory, run);
  if (empty) return undefined;
  const record = recordRun(events, cut || damaged.length > 0);
  if (record === undefined || record.run !== run)
    throw new ProjectError(
      'SLAB6010',
      record === undefined
        ? `the record of run ${run}, ${path}, does not say how it began: the line for it is missing or damaged`
        : `${path} is the record of another run, ${record.run}`,
      {
        fix: 'slab plan says how its hosts stand; move the file away, and nobody takes it for a record any more',
      },
    );
  const [first] = damaged;
  if (first === undefined && cut) return { record, gap: `the last line of ${path} is cut short` };
  if (first === undefined) return { record };
  const more = damaged.length === 1 ? '' : ` and ${damaged.length - 1} more`;
  return { record, gap: `line ${first}${more} of ${path} cannot be read: what it said is missing here` };
}

/** Reads the record of a run that somebody named. @throws ProjectError when it cannot be gone by. */
export function readBegun(directory: string, run: string): ReadRecord {
  const found = readRecord(directory, run);
  if (found !== undefined) return found;
  throw new ProjectError('SLAB6010', `run ${run} never began`, {
    fix: 'nothing was done in it: slab history lists those that did begin',
  });
}
