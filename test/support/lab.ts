import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { after, before } from 'mocha';
import type { LabHost } from '../../lib/lab/host.ts';
import type { Lab } from '../../lib/lab/lab.ts';
import { createLab } from '../../lib/lab/lab.ts';
import { defaultLabDirectory } from '../../lib/lab/layout.ts';
import type { HostRequest } from '../../lib/lab/request.ts';

/** What a command on a host, or on this machine, answered. */
interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The lab of one `describe`. */
export interface TestLab {
  readonly lab: Lab;
  /** The files that tell how to log in. */
  readonly directory: string;
  readonly prefix: string;
  /** The hosts asked for; known once the `before` hooks have run. */
  readonly hosts: () => readonly LabHost[];
  /** Runs a shell command on a host over ssh(1), as root unless another user is named. */
  readonly ssh: (name: string, command: string, user?: string) => Promise<Answer>;
}

/** Where tests keep their labs: the base is shared with everybody's on this machine. */
export const labDirectory: string =
  process.env['SLAB_LAB_DIR'] ?? defaultLabDirectory({ root: process.getuid?.() === 0, home: homedir() });

let labs = 0;

/** A name that no other lab has, in this process or another. */
export function freshPrefix(): string {
  return `t${process.pid.toString(36)}-${(labs++).toString(36)}h`;
}

/**
 * Starts hosts before the tests of the `describe` it is called in, and takes them down after them. Fails, and says what
 * to install, where the machine cannot run a lab; the first run builds the base, which takes a minute: one for each list
 * of packages that hosts have besides.
 */
export function withLab(request: HostRequest, packages: readonly string[] = []): TestLab {
  const prefix = freshPrefix();
  const lab = createLab({ directory: labDirectory, prefix, base: { packages } });
  let hosts: readonly LabHost[] = [];
  before(async function () {
    // Of a virtual machine the base and the boots take minutes where the machine is busy.
    this.timeout(request.form === 'vm' ? 1_800_000 : 600_000);
    hosts = await lab.up(request);
  });
  after(async function () {
    this.timeout(60_000);
    await lab.down();
  });
  return {
    lab,
    prefix,
    directory: labDirectory,
    hosts: () => hosts,
    ssh: async (name, command, user = 'root') =>
      askOnceUp(() => answerOf('ssh', ['-o', `User=${user}`, ...lab.sshArguments(name), command])),
  };
}

/** What ssh says when nobody listens, or sshd hangs up before it has said a word: what was asked for has not begun. */
const NOT_BEGUN = /^(kex_exchange_identification: |ssh: connect to host .*: Connection refused)/m;

/** Asks again, and says so, while the host's sshd starts anew: what the test itself wants to know of a host waits for that. */
export async function askOnceUp(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask();
    if (answer.code !== 255 || tries === 10 || !NOT_BEGUN.test(answer.stderr)) return answer;
    process.stderr.write(`asked again: ${answer.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** Runs a program of this machine to its end. */
export async function answerOf(program: string, words: readonly string[]): Promise<Answer> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (data: string) => (text.stdout += data));
  child.stderr.setEncoding('utf8').on('data', (data: string) => (text.stderr += data));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
}

/**
 * Asks again and again until the answer is yes. A question that fails counts as no: sshd closes what it has just
 * accepted while it reloads. @throws when it is not within a time, with the last failure.
 */
export async function eventually(
  what: string,
  ask: () => Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    const yes = await ask().catch((error: unknown) => {
      failure = error;
      return false;
    });
    if (yes) return;
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`, { cause: failure });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
