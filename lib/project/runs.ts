import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { Event } from '../model/event.ts';
import { writeWhole } from './write-whole.ts';

/** An event as a journal has it, with the time at which it was written. */
export type RecordedEvent = Event & { readonly at: string };

/** Ids of the runs on record, the last first. @throws ProjectError when their folder cannot be read. */
export function listRuns(directory: string): readonly string[] {
  const folder = runsFolder(directory);
  if (!existsSync(folder)) return [];
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    throw new ProjectError(
      'SLAB6010',
      `the records of runs in ${folder} cannot be read: ${reasonOf(cause)}`,
      {
        cause,
        fix: 'it has to be a folder that you may read: move what is there away, or mend its rights',
      },
    );
  }
  return names
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
    { fix: didYouMean(id, runs) ?? 'slab history lists the runs of this checkout' },
  );
}

/** What the record of a run holds. */
interface ReadRun {
  /** As somebody would type it. */
  readonly path: string;
  readonly events: readonly RecordedEvent[];
  /** Lines that say nothing, counted from 1; the last one, cut short when slab was killed, is none of them. */
  readonly damaged: readonly number[];
  /** Its last line is cut short. */
  readonly cut: boolean;
  /** Nothing was written but its head: it ended before it began with anything. */
  readonly empty: boolean;
}

/** Reads the record of a run. @throws ProjectError when there is no reading it. */
export function readRun(directory: string, run: string): ReadRun {
  const path = join(runsFolder(directory), `${run}.jsonl`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ProjectError(
      'SLAB6010',
      `the record of run ${run}, ${path}, cannot be read: ${reasonOf(cause)}`,
      {
        cause,
        fix: 'mend its rights; what its hosts need is what slab plan says, whatever is on record',
      },
    );
  }
  const lines = text.split('\n');
  const parsed = lines.map(parseLine);
  return {
    path,
    empty: lines.every((line, index) => line === '' || parsed[index] === 'other'),
    events: parsed.filter((event) => event !== undefined && event !== 'other'),
    cut: parsed.at(-1) === undefined && lines.at(-1) !== '',
    damaged: parsed.flatMap((event, index) =>
      event === undefined && index < lines.length - 1 ? [index + 1] : [],
    ),
  };
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const words: Readonly<Record<string, string>> = {
    ENOTDIR: 'it is no folder',
    EISDIR: 'it is a folder',
    EACCES: 'its rights do not allow it',
  };
  return words[code] ?? code;
}

/** An event; `other` is a line that is none and may stand there. */
function parseLine(line: string): RecordedEvent | 'other' | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    if (typeof value !== 'object' || value === null) return undefined;
    return 'type' in value ? (value as RecordedEvent) : 'format' in value ? 'other' : undefined;
  } catch {
    return undefined;
  }
}

/** Asks a run of this checkout to end before its next step; it looks for this. @throws ProjectError when it cannot be asked. */
export function requestAbort(directory: string, run: string, words: string): void {
  const path = abortPath(directory, run);
  try {
    writeWhole(path, `${words}\n`, 0o600);
  } catch (cause) {
    throw new ProjectError('SLAB6010', `run ${run} cannot be asked to end: ${path} cannot be written`, {
      cause,
      fix: 'look at the space on this machine and the rights of .slab/, or press Ctrl-C where it runs',
    });
  }
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
