import { TransportError } from '../diagnostics/errors.ts';
import type { Session } from '../model/ports.ts';
import type { Notice } from './line.ts';
import { startShell, type ShellOptions } from './shell.ts';

/** What a session needs beside its shell. */
export interface SessionOptions extends ShellOptions {
  readonly notice: (notice: Notice) => void;
  /** Closes the way to the host. */
  readonly close: () => Promise<void>;
}

/**
 * A session with one host. Its shell is started and the first program may follow without waiting for an answer: what
 * sudo says to that comes with the first exchange. Only where sudo may ask for a password does opening wait.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { host } = options;
  const shell = startShell(options);
  shell.ready.then(
    (uid) => {
      if (uid !== '0') options.notice(notRoot(host, uid));
    },
    () => undefined, // The exchange that waits for it says why.
  );
  if (options.become.method === 'sudo' && options.sudoPassword !== undefined) {
    try {
      await shell.open;
    } catch (error) {
      await options.close();
      throw error;
    }
  }
  let closed: Promise<void> | undefined;
  return {
    host,
    exchange: (sections, listener) => shell.exchange(sections, listener),
    async aside(script) {
      const beside = startShell(options);
      try {
        const [result] = await beside.exchange([{ name: 'aside', script }]);
        if (result === undefined) throw new TransportError('SLAB3309', `${host} gave no answer`);
        return result;
      } finally {
        beside.stop();
      }
    },
    close() {
      if (closed === undefined) {
        shell.stop();
        closed = options.close();
      }
      return closed;
    },
  };
}

function notRoot(host: string, uid: string): Notice {
  return {
    level: 'warning',
    host,
    code: 'SLAB3319',
    message: `${host} is reached as user ${uid}, not as root; set "become: {method: sudo}" for it in the inventory`,
  };
}
