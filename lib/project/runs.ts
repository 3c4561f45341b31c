import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';
import type { Event } from '../model/event.ts';
import { writeWhole } from './write-whole.ts';

/** An event as a journal has it, with the time at which it was written. */
export type RecordedEvent = Event & { readonly at: string };

/** Ids of the runs on record, the last first. */
export function listRuns(directory: string): readonly string[] {
  const folder = runsFolder(directory);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => ({ run: name.slice(0, -'.jsonl'.length), at: beganAt(join(folder, name)) }))
    .sort((a, b) => b.at - a.at)
    .map(({ run }) => run);
}

/** Not every file system says when a file was made. */
function beganAt(path: string): number {
  const { birthtimeMs, mtimeMs } = statSync(path);
  return birthtimeMs === 0 ? mtimeMs : birthtimeMs;
}

/** The run that is meant by an id or its beginning. @throws ProjectError when there is none, or more than one. */
export function findRun(directory: string, id: string): string {
  const runs = listRuns(directory);
  const found = runs.includes(id) ? [id] : runs.filter((run) => id !== '' && run.startsWith(id));
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw new ProjectError(
    'SLAB6010',
    found.length === 0 ? `there is no run ${id} on record` : `${id} may be any of ${found.join(', ')}`,
    { fix: 'slab history lists the runs of this checkout' },
  );
}

/** The events of a run. A line that was cut short when slab was killed is left out. @throws ProjectError */
export function readRun(directory: string, run: string): readonly RecordedEvent[] {
  let text: string;
  try {
    text = readFileSync(join(runsFolder(directory), `${run}.jsonl`), 'utf8');
  } catch (cause) {
    throw new ProjectError('SLAB6010', `the journal of run ${run} cannot be read`, { cause });
  }
  return text.split('\n').flatMap((line) => {
    const event = parseLine(line);
    return event === undefined ? [] : [event];
  });
}

function parseLine(line: string): RecordedEvent | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null && 'type' in value
      ? (value as RecordedEvent)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Asks a run of this checkout to end before its next step; it looks for this. */
export function requestAbort(directory: string, run: string, words: string): void {
  writeWhole(abortPath(directory, run), `${words}\n`, 0o600);
}

/** Who asked a run to end, and why; undefined when nobody did. */
export function abortRequest(directory: string, run: string): string | undefined {
  const path = abortPath(directory, run);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

function abortPath(directory: string, run: string): string {
  return join(runsFolder(directory), `${run}.abort`);
}

function runsFolder(directory: string): string {
  return join(directory, '.slab', 'runs');
}
