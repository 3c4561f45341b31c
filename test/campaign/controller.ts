import { spawn } from 'node:child_process';
import type { HostRecords } from '../../lib/model/records.ts';
import { askHost, entering, planDisks, stepText } from '../support/disk-host.ts';
import type { Arguments } from './slot.ts';

/*
 * A controller in a process of its own, so that it can be killed: plans and applies when it is told to, and says which
 * step it is at, and which session runs it on the host.
 */

/** What a controller is told. */
export interface ControllerOrder {
  /** The process that holds the host's mount namespace. */
  readonly host: number;
  readonly records: HostRecords;
  readonly wanted: readonly Arguments[];
  readonly delayMs: number;
}

/** How a step of a controller ended: 117 and 118 say that it did nothing, 137 that it was killed. */
export interface EndedStep {
  readonly title: string;
  readonly code: number;
  readonly said: string;
}

/** What a controller says: that a step runs, or how all of it went. */
export type ControllerWord =
  | { readonly step: number; readonly session: number }
  | { readonly steps: readonly EndedStep[]; readonly planned: string };

async function run(
  host: number,
  text: string,
  tell: (session: number) => void,
): Promise<{ code: number; said: string }> {
  const [command = '', ...args] = entering(host);
  const child = spawn(command, args, { detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => (said += more));
  child.stdin.on('error', () => undefined).end(`export LC_ALL=C\n${stepText(text)}\n`);
  tell(child.pid ?? 0);
  // What it has started may go on with its output.
  const code = await new Promise<number>((resolve) => child.once('exit', (status) => resolve(status ?? 137)));
  return { code, said };
}

async function obey({ host, records, wanted, delayMs }: ControllerOrder): Promise<void> {
  const tell = (word: ControllerWord) => process.send?.(word);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  const plans = planDisks(wanted, records, (text) => askHost(host, `{\n${text}\n} </dev/null`));
  const planned = plans.map(({ diff }) => `${JSON.stringify(diff.disks)}\n`).join('');
  const ends: EndedStep[] = [];
  let step = 0;
  for (const { steps } of plans)
    for (const { script, title } of steps) {
      const ended = await run(host, script.text, (session) => tell({ step: step++, session }));
      ends.push({ title, ...ended });
      if (ended.code !== 0 && ended.code !== 117) break;
    }
  tell({ steps: ends, planned });
}

process.on('message', (order) => void obey(order as ControllerOrder));
process.on('disconnect', () => process.exit());
