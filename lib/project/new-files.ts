import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';

/**
 * Writes files that are not there yet, all or none.
 * @throws ProjectError naming every one that is there already; then nothing was written.
 */
export function writeNewFiles(directory: string, files: Readonly<Record<string, string>>): void {
  const paths = Object.keys(files);
  const taken = paths.filter((path) => existsSync(join(directory, path)));
  if (taken.length > 0)
    throw new ProjectError('SLAB6002', `there is ${taken.join(', ')} already: nothing was written`, {
      fix: 'name another folder, or move away what is there',
    });
  for (const path of paths) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    // What came in between is not written over either.
    writeFileSync(join(directory, path), files[path] ?? '', { flag: 'wx' });
  }
}
