import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import { TransportError } from '../diagnostics/errors.ts';
import type { Become } from '../model/inventory.ts';
import type { ExchangeListener } from '../model/ports.ts';
import type { Secret, Section, SectionResult } from '../model/script.ts';
import { readAnswers } from './answers.ts';
import { shellCommand, sudoRefusal } from './become.ts';
import { preludeText, sectionText } from './frame.ts';
import { lineEndError } from './line-end.ts';
import type { Line, LineEnd } from './line.ts';
import { answerSudo } from './sudo-dialogue.ts';

/** What a shell needs to know of its host, and how it gets a line. */
export interface ShellOptions {
  readonly host: string;
  readonly become: Become;
  readonly sudoPassword: Secret | undefined;
  /** Most bytes a section may write to either stream. */
  readonly outputLimitBytes: number;
  /** How long the shell may take to start. */
  readonly startTimeoutMs: number;
  /** Starts a command on the host. */
  readonly open: (command: string) => Promise<Line>;
}

/** One running shell that reads programs and answers them. */
export interface Shell {
  /** Settles when programs can be sent: at once, or where sudo may ask, when it has let us in. */
  readonly open: Promise<void>;
  /** The user id it runs as, once it runs. */
  readonly ready: Promise<string>;
  exchange(sections: readonly Section[], listener?: ExchangeListener): Promise<readonly SectionResult[]>;
  /** Lets go of the shell: it ends before its next section. */
  stop(): void;
}

/** Starts a shell on a line of its own and stays with it to its end; after the first failure every call rejects. */
export function startShell(options: ShellOptions): Shell {
  const { host } = options;
  const nonce = randomBytes(16).toString('hex');
  const command = shellCommand(options.become, options.sudoPassword !== undefined, nonce);
  let line: Line | undefined;
  let failed: TransportError | undefined;
  let sent = 0;

  const fail = (error: TransportError) => {
    failed ??= error;
    clearTimeout(startTimer);
    answers.fail(failed);
    line?.drop();
  };
  const answers = readAnswers({ host, nonce, limitBytes: options.outputLimitBytes, overflow: fail });
  const startTimer = setTimeout(() => fail(lateStart(options)), options.startTimeoutMs);
  answers.ready.then(
    () => clearTimeout(startTimer),
    () => undefined,
  );
  const onEnd = (end: LineEnd) => {
    const stderr =
      command.asks === undefined ? answers.noise() : answers.noise().replaceAll(command.asks.prompt, '\n');
    const sudo = options.become.method === 'sudo' && end.kind === 'exit' && !answers.isReady();
    const refusal = sudo ? sudoRefusal(host, end.code, stderr) : undefined;
    fail(
      refusal ??
        lineEndError(host, end, { ready: answers.isReady(), section: answers.current(), said: stderr }),
    );
  };

  let writing = (async () => {
    line = await options.open(command.text);
    line.stdin.on('error', () => undefined); // The end of the line says why.
    line.stdout.on('data', answers.stdout);
    line.stderr.on('data', answers.stderr);
    if (failed !== undefined) line.drop();
    const { ended } = line;
    void ended.then(onEnd);
    if (command.asks !== undefined && options.sudoPassword !== undefined)
      await Promise.race([answerSudo(host, line, command.asks, options.sudoPassword), ended]);
    if (failed !== undefined) throw failed;
    await writeText(line, preludeText(nonce));
  })();
  const open = writing.catch((error: unknown) => {
    fail(asTransportError(host, error));
    throw failed ?? error;
  });
  open.catch(() => undefined);

  return {
    open,
    ready: answers.ready,
    exchange(sections, listener) {
      if (failed !== undefined) return Promise.reject(afterFailure(failed));
      if (sections.length === 0) return Promise.resolve([]);
      const first = sent;
      sent += sections.length;
      const results = answers.expect(sections, first, listener);
      const text = sections.map((section, index) => sectionText(nonce, first + index, section)).join('');
      writing = writing.then(() => (line === undefined ? undefined : writeText(line, text)));
      writing.catch(() => undefined);
      return results;
    },
    stop: () => fail(new TransportError('SLAB3308', `the session with ${host} was closed`)),
  };
}

/** Writes and waits until the line takes more, or has ended. */
async function writeText(line: Line, text: string): Promise<void> {
  if (!line.stdin.writable || line.stdin.write(text)) return;
  await Promise.race([drained(line.stdin), line.ended]);
}

function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => stream.once('drain', resolve));
}

function lateStart({ host, become, startTimeoutMs }: ShellOptions): TransportError {
  const what = become.method === 'sudo' ? 'sudo started no shell there' : 'no shell started';
  return new TransportError(
    'SLAB3307',
    `${host} took the login, but ${what} within ${startTimeoutMs / 1000} s`,
    {
      fix: `log in to ${host} by hand and see what its login scripts${become.method === 'sudo' ? ' or sudo' : ''} wait for`,
    },
  );
}

function afterFailure(failed: TransportError): TransportError {
  return new TransportError(failed.code, failed.message, {
    cause: failed,
    ...(failed.fix === undefined ? {} : { fix: failed.fix }),
  });
}

function asTransportError(host: string, error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new TransportError('SLAB3308', `the connection to ${host} was lost: ${reason}`, { cause: error });
}
