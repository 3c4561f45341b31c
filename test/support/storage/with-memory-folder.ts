import { afterEach, beforeEach } from 'mocha';
import { makeMemoryFolder, removeMemoryFolder } from './memory-folder.ts';

/**
 * A folder in memory for each test of the `describe` it is called in, removed after the test whatever became of that.
 * Hooks run in their order: what uses files of it is ended by one that was set before.
 * @returns the path of the folder of the test that runs.
 */
export function withMemoryFolder(purpose: string): () => string {
  let folder = '';
  beforeEach(() => {
    folder = makeMemoryFolder(purpose);
  });
  afterEach(() => removeMemoryFolder(folder));
  return () => folder;
}
