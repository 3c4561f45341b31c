import { closeSync, openSync, readSync } from 'node:fs';

/** How the text of a saved plan begins. */
const BEGIN = '{\n "format": "slab.saved-plan/';

/** Whether a word of the command line is a saved plan and not the name of an SLS: by its name, or by how the file begins. */
export function isPlanFile(word: string): boolean {
  return /[.](slabplan|json)$/.test(word) || word.includes('/') || beginOf(word) === BEGIN;
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
