import type { Script } from '../model/script.ts';
import { script } from './sh.ts';

/**
 * Feeds content to a command on its standard input, inside the script itself: never an argument, never a file.
 * Text that a here-document carries unchanged travels as it is; everything else in base64 (needs base64(1)).
 * `command` must be one simple or compound command that ends without a redirection of its input.
 */
export function withInput(command: Script, content: Uint8Array | string): Script {
  const text = typeof content === 'string' ? content : plainText(content);
  if (text !== undefined && isPlainText(text)) {
    const end = delimiter(text);
    return script(`${command.text} <<'${end}'\n${text}${end}`);
  }
  const coded = Buffer.from(content as string)
    .toString('base64')
    .replace(/.{1,76}/g, '$&\n');
  // The here-document ends before the command begins: its body follows the line it stands on, and a command may have several.
  return script(`{ base64 -d <<'__slab__'\n${coded}__slab__\n} | ${command.text}`);
}

/** Shell text of a person, which may be anything: a shell of its own reads it, so that a stray quote ends that one only. */
export function ownShell(text: string): Script {
  return withInput(script('sh -s'), `{\n${text}\n} </dev/null\n`);
}

/**
 * Whether a here-document carries a text unchanged: it keeps lines that end in a newline; control characters (dash keeps
 * marks of its own among them) go coded, through a pipe, so that the command then runs in a subshell.
 */
export function isPlainText(text: string): boolean {
  return (text === '' || text.endsWith('\n')) && text.isWellFormed() && !/[\0-\x08\x0b-\x1f\x7f]/.test(text);
}

function plainText(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** A word that is no line of the text. */
function delimiter(text: string): string {
  let end = '__slab__';
  for (let n = 0; text.includes(end); n++) end = `__slab_${n}__`;
  return end;
}
