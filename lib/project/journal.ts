import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';

/** The record of one run on the controller. */
export interface Journal {
  readonly path: string;
  /** Lines of text, written at once. @throws when they cannot be. */
  readonly write: (lines: string) => void;
  close(): void;
}

/**
 * Opens the journal of a run: `.slab/runs/<run>.jsonl`, readable by its owner only. Events are written as they happen,
 * so that a run that was cut short left its record.
 * @throws ProjectError when it cannot be made: a run without its record does not begin.
 */
export function openJournal(directory: string, run: string): Journal {
  const folder = join(directory, '.slab', 'runs');
  const path = join(folder, `${run}.jsonl`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = openSync(path, 'ax', 0o600);
    return {
      path,
      // All of it or an error: a single write stops short where a disk is nearly full.
      write: (lines) => writeFileSync(file, lines),
      close: () => closeSync(file),
    };
  } catch (cause) {
    throw new ProjectError('SLAB6002', `the run's journal ${path} cannot be written`, {
      cause,
      fix: 'look at the space on this machine and the rights of .slab/',
    });
  }
}
