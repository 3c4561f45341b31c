import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Node, NodeEntry } from '../model/node.ts';
import type { Decrypt } from '../model/ports.ts';
import type { SourceRange } from '../model/source.ts';
import { mistake, warning } from './mistake.ts';
import { list, scalar } from './node-shape.ts';
import { SHORTEST_SECRET } from './secrets.ts';

/** How encrypted texts are dealt with. */
export interface Decryption {
  /** Undefined: nothing here can decrypt. */
  readonly decrypt: Decrypt | undefined;
  /** Salt's `gpg_decrypt_must_succeed`. */
  readonly mustSucceed: boolean;
}

/** Asks for each message once. */
export function rememberAnswers(decrypt: Decrypt | undefined): Decrypt | undefined {
  if (decrypt === undefined) return undefined;
  const answers = new Map<string, ReturnType<Decrypt>>();
  return (message) => {
    const answer = answers.get(message) ?? decrypt(message);
    answers.set(message, answer);
    return answer;
  };
}

/** What came out, beside the text or data itself. */
interface Findings {
  /** Every decrypted text that is long enough to be followed. */
  readonly secrets: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A piece of a text that took the place of a message. */
export interface Replaced {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** salt/renderers/gpg.py: GPG_CIPHERTEXT. */
const MESSAGE = /-----BEGIN PGP MESSAGE-----[^]*?-----END PGP MESSAGE-----/g;

/** Decrypts every message in a text; `at` tells where an offset stands. */
export function decryptText(
  text: string,
  at: (offset: number) => SourceRange,
  decryption: Decryption,
): Findings & { readonly text: string; readonly replaced: readonly Replaced[] } {
  const secrets: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const replaced: Replaced[] = [];
  for (const { 0: message, index: start } of text.matchAll(MESSAGE)) {
    // Salt reads `\n` in a text on one line as the end of a line.
    const plain = open(message.replaceAll('\\n', '\n'), decryption);
    if (typeof plain !== 'string') {
      const complain = decryption.mustSucceed ? mistake : warning;
      diagnostics.push(complain('SLAB2022', 'a value cannot be decrypted', at(start), plain));
      continue;
    }
    replaced.push({ start, end: start + message.length, text: plain });
    const secret = plain.trim();
    if (secret.length >= SHORTEST_SECRET) secrets.push(secret);
    else if (secret !== '') diagnostics.push(tooShort(at(start)));
  }
  const pieces = replaced.map(
    (each, index) => text.slice(replaced[index - 1]?.end ?? 0, each.start) + each.text,
  );
  const whole =
    replaced.length === 0 ? text : (pieces.join('') + text.slice(replaced.at(-1)?.end)).replace(/\n+$/, '');
  return { text: whole, replaced, secrets, diagnostics };
}

/** Decrypts every message in the values of a document; keys are left alone (salt/renderers/gpg.py: _decrypt_object). */
export function decryptNode(node: Node, decryption: Decryption): Findings & { readonly node: Node } {
  const secrets: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const made = new Map<Node, Node>();
  const walk = (from: Node): Node => {
    const known = made.get(from);
    if (known !== undefined) return known;
    const to = walkInto(from);
    made.set(from, to);
    return to;
  };
  const walkInto = (from: Node): Node => {
    if (from.type === 'list') {
      const items = from.items.map(walk);
      return items.some((item, index) => item !== from.items[index]) ? list(items, from.source) : from;
    }
    if (from.type === 'map') {
      const entries = from.entries.map(({ key, value }): NodeEntry => ({ key, value: walk(value) }));
      const changed = entries.some(({ value }, index) => value !== from.entries[index]?.value);
      return changed ? { type: 'map', entries, source: from.source } : from;
    }
    if (typeof from.value !== 'string' || !from.value.includes('-----BEGIN PGP MESSAGE-----')) return from;
    const found = decryptText(from.value, () => from.source, decryption);
    for (const each of found.secrets) secrets.push(each);
    for (const each of found.diagnostics) diagnostics.push(each);
    return scalar(found.text, from.source);
  };
  return { node: walk(node), secrets, diagnostics };
}

function open(message: string, { decrypt }: Decryption): string | { why: string; fix: string } {
  if (decrypt === undefined)
    return {
      why: 'nothing is decrypted without a project',
      fix: 'compile it within its project, where its key is at hand',
    };
  const answer = decrypt(message);
  if ('text' in answer) return answer.text;
  return {
    why: answer.problem,
    fix: answer.fix ?? 'import the key for which it was encrypted, or encrypt it anew',
  };
}

function tooShort(source: SourceRange): Diagnostic {
  return warning('SLAB2021', `a decrypted value has fewer than ${SHORTEST_SECRET} characters`, source, {
    why: 'so short a text cannot be told from others, so it is not hidden in output',
    fix: 'choose a longer secret',
  });
}
