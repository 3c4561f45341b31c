import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** How the text of a saved plan begins. */
const BEGIN = '{\n "format": "slab.saved-plan/';

/** Whether a word of the command line is a saved plan and not the name of an SLS: by its name, or by how the file begins. */
export function isPlanFile(word: string): boolean {
  return /[.](slabplan|json)$/.test(word) || word.includes('/') || beginOf(word) === BEGIN;
}

/**
 * Whether a word is meant as a saved plan that is not there: it is called `x.plan`, and neither a file nor an SLS (`x/plan.sls`)
 * of that name is in the project or a folder of it.
 */
export function isMissingPlan(word: string, directory: string): boolean {
  if (!word.endsWith('.plan') || existsSync(word)) return false;
  const path = word.replaceAll('.', '/');
  const roots = [directory, ...foldersOf(directory)];
  return !roots.some(
    (root) => existsSync(join(root, `${path}.sls`)) || existsSync(join(root, path, 'init.sls')),
  );
}

function foldersOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory).map((name) => join(directory, name));
  } catch {
    return [];
  }
}

/** Empty where there is no such file to read. */
function beginOf(path: string): string {
  const bytes = Buffer.alloc(BEGIN.length);
  try {
    const file = openSync(path, 'r');
    try {
      return bytes.toString('latin1', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
