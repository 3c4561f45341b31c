import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { ownerOf } from './attribute-steps.ts';
import type { Writing } from './contents.ts';
import { readContent } from './entry.ts';
import { modeText } from './names.ts';
import type { Edited, Entry, Managed } from './types.ts';

const putScript = scriptFile(import.meta.url, './put.sh');

/** Where `backup: minion` keeps what a file held: `<folder>/<path>_<time>`. */
const backupFolder = '/var/cache/slab/backup';

/** Writes the contents of a file, with its owner and mode, over the entry that was seen. */
export function putStep(
  declared: Managed | Edited,
  { writing, entry, follow }: { readonly writing: Writing; readonly entry: Entry; readonly follow: boolean },
): Step {
  const { path, mode, backup } = declared;
  const certain = writing.seen !== '*';
  const seenMode = entry.exists ? entry.mode : '644';
  const seenOwner = entry.exists ? `${entry.uid ?? 0}:${entry.gid ?? 0}` : '0:0';
  const text = wordOf(writing.content);
  const words = [
    path,
    writing.seen,
    writing.sha256,
    mode === undefined ? (certain ? seenMode : '') : modeText(mode),
    ownerOf(declared, certain ? seenOwner : ''),
    follow ? 'follow' : '',
    backup === 'minion' ? backupFolder : (backup ?? ''),
    ...(text === undefined ? ['input', ''] : ['word', text]),
    ...(declared.is === 'managed' ? declared.checkCmd : []),
  ];
  return {
    title: `write ${path}`,
    script: text === undefined ? putScript(words, writing.content) : putScript(words),
    risk: 'change',
  };
}

/** Contents that can stand in the script as one word: text without control characters that is not too long. */
function wordOf(content: Uint8Array): string | undefined {
  const { content: text } = readContent(content, WORD_LIMIT);
  return text === null || /[\x01-\x08\x0b-\x1f\x7f]/.test(text) ? undefined : text;
}

/** A shell reads long words slowly. */
const WORD_LIMIT = 64 * 1024;
