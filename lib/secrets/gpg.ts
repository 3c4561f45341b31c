import { spawnSync } from 'node:child_process';
import type { Decrypt } from '../model/ports.ts';

/** How GnuPG is called. */
export interface GpgSettings {
  /** The home folder with the keys; undefined: GnuPG's own. */
  readonly homeDirectory?: string;
  /** The program; `gpg` when absent. */
  readonly program?: string;
}

/** An agent that asks for a passphrase nobody can type must not hold a run for ever. */
const TIMEOUT_MS = 60_000;

/**
 * Decrypts with GnuPG, one process a message. Synchronous, because a template's text is known only while the compiler
 * runs and the compiler does not wait; each message is decrypted once however many hosts have it. The message goes in on
 * standard input and the text comes back on standard output: neither is ever an argument, a file or a variable.
 */
export function createGpgDecrypt({ homeDirectory, program = 'gpg' }: GpgSettings = {}): Decrypt {
  const home = homeDirectory === undefined ? [] : ['--homedir', homeDirectory];
  return (message) => {
    const { error, status, stdout, stderr } = spawnSync(
      program,
      [...home, '--batch', '--quiet', '--no-tty', '--decrypt'],
      { input: message, timeout: TIMEOUT_MS, maxBuffer: 64 * 2 ** 20, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    if (error !== undefined) return failed(error, program);
    if (status !== 0) return { problem: reasonIn(stderr.toString()) };
    try {
      return { text: new TextDecoder('utf-8', { fatal: true }).decode(stdout) };
    } catch {
      return {
        problem: 'what was encrypted is not UTF-8 text',
        fix: 'encrypt text, or keep bytes in a file of the state tree',
      };
    }
  };
}

function failed(error: Error, program: string): ReturnType<Decrypt> {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT')
    return {
      problem: `there is no program ${program}`,
      fix: 'install it: apt install gnupg, dnf install gnupg2',
    };
  if (code === 'ETIMEDOUT')
    return {
      problem: `${program} did not answer within ${TIMEOUT_MS / 1000} s`,
      fix: 'unlock the key first: decrypt something by hand, so that gpg-agent keeps the passphrase',
    };
  return { problem: `${program} failed: ${error.message}` };
}

/** The last thing GnuPG says is the reason: "gpg: decryption failed: No secret key". */
function reasonIn(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.at(-1)?.replace(/^gpg: /, 'gpg says: ') ?? 'gpg failed without a word';
}
