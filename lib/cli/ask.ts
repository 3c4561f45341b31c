import { createInterface } from 'node:readline/promises';
import { ProjectError } from '../diagnostics/errors.ts';
import { exitCodes } from '../diagnostics/exit-codes.ts';
import type { Secret } from '../model/script.ts';
import { secret } from '../shell/secret.ts';

/** Whether there is a person to ask. */
export function canAsk(input: boolean): boolean {
  return input && process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks for one line, on stderr, so that stdout stays the result. The end of the input is an empty answer. */
async function askLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.on('SIGINT', leave);
  const ended = new AbortController();
  lines.on('close', () => ended.abort());
  try {
    return await lines.question(question, { signal: ended.signal });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    process.stderr.write('\n');
    return '';
  } finally {
    lines.close();
  }
}

/**
 * Asks a person whether to go on; without a terminal the answer is no, and that is said.
 * @param question without the choice behind it.
 * @param otherwise what to do where there is nobody to ask.
 */
export async function askToGoOn(
  question: string,
  options: { readonly yes?: boolean; readonly input: boolean },
  { say, otherwise }: { readonly say: (text: string) => void; readonly otherwise: string },
): Promise<boolean> {
  if (options.yes === true) return true;
  if (!canAsk(options.input)) {
    say(`There is no terminal to ask at: ${otherwise}.`);
    return false;
  }
  return /^y(es)?$/i.test((await askLine(`${question} [y/N] `)).trim());
}

/** A terminal in raw mode sends no signal for Ctrl-C. Whenever something is asked, nothing has been changed yet. */
function leave(): never {
  process.stderr.write('\ninterrupted; nothing was changed\n');
  process.exit(exitCodes.interrupted);
}

/**
 * Asks for a password without showing it.
 * @throws ProjectError when there is nobody to ask: a run that needs one must not wait for ever.
 */
export async function askSecret(question: string, input: boolean): Promise<Secret> {
  if (!canAsk(input)) {
    throw new ProjectError('SLAB6001', `${question.trim()} is needed, and there is no terminal to ask at`, {
      fix: 'use a key, an agent, or sudo without a password',
    });
  }
  process.stderr.write(question);
  process.stdin.setRawMode(true);
  process.stdin.resume();
  try {
    return secret(await readHidden());
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
    process.stderr.write('\n');
  }
}

async function readHidden(): Promise<string> {
  let typed = '';
  for await (const chunk of process.stdin) {
    for (const character of String(chunk)) {
      if (character === '\r' || character === '\n') return typed;
      if (character === '\u0003') leave();
      if (character === '\u007f' || character === '\b') typed = typed.slice(0, -1);
      else typed += character;
    }
  }
  return typed;
}
