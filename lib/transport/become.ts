import { TransportError } from '../diagnostics/errors.ts';
import type { Become } from '../model/inventory.ts';
import { lastRemoteWords } from './remote-words.ts';

/** How a session's shell is started. */
export interface ShellCommand {
  /** What the login shell runs; read the same by POSIX shells, csh and fish. */
  readonly text: string;
  /** Set when sudo may ask: what its prompt and the running shell write to the error stream. */
  readonly asks?: { readonly prompt: string; readonly running: string };
}

/**
 * The command that starts the shell of a session. With a password, sudo may ask or not (a rule without a password, a
 * fresh ticket), so the shell says when it runs and the program is held back until then: sudo never eats its lines.
 */
export function shellCommand(become: Become, hasPassword: boolean, nonce: string): ShellCommand {
  if (become.method === 'none') return { text: 'exec sh' };
  if (!hasPassword) return { text: 'exec env LC_ALL=C sudo -n -- sh' };
  const asks = { prompt: `${nonce} password`, running: `${nonce} running` };
  return {
    text: `exec env LC_ALL=C sudo -S -p '${asks.prompt}' -- sh -c 'echo ${asks.running} >&2; exec sh'`,
    asks,
  };
}

/**
 * Why sudo gave no shell, read from what it wrote under LC_ALL=C (sudo 1.8 and 1.9, sudo-rs).
 * @returns undefined when the text names none of the known refusals.
 */
export function sudoRefusal(
  host: string,
  code: number | undefined,
  stderr: string,
): TransportError | undefined {
  // A sudo that can send mail says so in a line of its own, after the reason.
  const reason = stderr.replace(/^This incident has been reported to the administrator\.\s*$/m, '');
  const said = lastRemoteWords(reason, 1);
  if (/must have a tty|no tty present and no askpass|requiretty/i.test(stderr))
    return new TransportError('SLAB3313', `sudo on ${host} wants a terminal: ${said}`, {
      fix: `remove "Defaults requiretty" for this login from /etc/sudoers on ${host} (visudo)`,
    });
  if (
    /incorrect password|sorry, try again|no password was provided|authentication failed|maximum \d+ incorrect/i.test(
      stderr,
    )
  )
    return wrongPassword(host);
  if (
    /not in the sudoers file|may not run sudo|is not allowed to (execute|run)|not allowed to run sudo|I'm afraid I can't do that/i.test(
      stderr,
    )
  )
    return new TransportError('SLAB3312', `the login on ${host} is not allowed to use sudo: ${said}`, {
      fix: `give this login a sudo rule on ${host}, or log in as one that has it`,
    });
  if (
    /password is required|a terminal is required to read the password|interactive authentication is required/i.test(
      stderr,
    )
  )
    return new TransportError('SLAB3310', `sudo on ${host} needs a password and none was given`, {
      fix: 'add --ask-sudo, set "become: {method: sudo, ask_password: true}" in the inventory, or give the login a NOPASSWD rule',
    });
  if (code === 127 || /sudo.*(not found|No such file)/i.test(stderr))
    return new TransportError('SLAB3314', `${host} has no sudo command`, {
      fix: `install sudo on ${host}, or log in as root with "become: {method: none}"`,
    });
  return undefined;
}

/** The refusal of a password. */
export function wrongPassword(host: string): TransportError {
  return new TransportError('SLAB3311', `sudo on ${host} rejected the password`, {
    fix: 'run the command again and type the password of the login there; nothing was run on this host',
  });
}
