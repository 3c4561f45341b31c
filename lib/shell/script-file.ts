import { readFileSync } from 'node:fs';
import type { Script } from '../model/script.ts';
import { withInput } from './input.ts';
import { quoteWord } from './quote.ts';
import { script } from './sh.ts';

/** A `.sh` file of slab's own: called with words as "$1", "$2" …; its text is never edited. */
export interface ScriptFile {
  /** The file run in a subshell with these positional arguments, and this on standard input. */
  (words: readonly string[], input?: Uint8Array | string): Script;
  /** The file's text as it is, to define its functions in a shell. */
  readonly text: Script;
}

/**
 * Loads a `.sh` file that stands beside the calling module: `scriptFile(import.meta.url, './probe.sh')`.
 * The build replaces the call's reading by the file's text, so write it exactly so.
 */
export function scriptFile(base: string, path: string): ScriptFile {
  return scriptText(readFileSync(new URL(path, base), 'utf8'));
}

/**
 * The same from the text itself.
 * @public the build writes calls of it
 */
export function scriptText(text: string): ScriptFile {
  const call = (words: readonly string[], input?: Uint8Array | string): Script => {
    const body = script(`(\nset -- ${words.map(quoteWord).join(' ')}\n${text}\n)`);
    return input === undefined ? body : withInput(body, input);
  };
  return Object.assign(call, { text: script(text) });
}
