import { readUndecided } from '../confirm/answers.ts';
import { trialFolder, undecidedScript } from '../confirm/scripts.ts';
import { SlabError, TransportError } from '../diagnostics/errors.ts';
import { grainsScript } from '../grains/grains-script.ts';
import { parseGrains } from '../grains/parse-grains.ts';
import type { Host } from '../model/inventory.ts';
import type { UnreadHost } from '../model/plan.ts';
import type { Ports, Session } from '../model/ports.ts';
import type { SectionResult } from '../model/script.ts';
import type { Grains } from '../model/value.ts';
import type { LeftBehind } from '../plan/left-behind.ts';
import { leftScript, readLeft, readLive } from './left-behind.ts';

/** A host that answered: its session and what is known of it. */
export interface ReadHost {
  readonly host: Host;
  readonly session: Session;
  readonly grains: Grains;
  /** What earlier runs left undone there. */
  readonly left: LeftBehind;
}

/** Connects to a host and asks for its grains: one connection, one exchange. A refusal is a value. */
export async function readHost(
  host: Host,
  ports: Ports,
  signal: AbortSignal,
): Promise<{ readonly read: ReadHost } | { readonly unread: UnreadHost }> {
  const began = ports.clock.now();
  ports.emit({ type: 'host.connecting', host: host.name });
  let session: Session | undefined;
  try {
    let answer: SectionResult | undefined;
    let left: SectionResult | undefined;
    ({ session, answer, left } = await connectSettled(host, ports, signal));
    if (answer === undefined || answer.code !== 0) {
      throw new SlabError(
        'SLAB4101',
        `the script that reads the grains ended with ${answer?.code ?? 'nothing'}`,
      );
    }
    ports.emit({ type: 'host.connected', host: host.name, durationMs: ports.clock.now() - began });
    for (const who of readLive(left))
      ports.emit({
        ...{ type: 'notice', level: 'warning', host: host.name, code: 'SLAB5201' },
        message: `another run is at work there (${who}): what is read now may be different when it has ended`,
      });
    return { read: { host, session, grains: parseGrains(answer.stdout, host), left: readLeft(left) } };
  } catch (error) {
    await session?.close();
    return { unread: reportUnread(host.name, error, ports) };
  }
}

/** How long a host may be out of reach, after its time is up, while it takes back what was tried. */
const SETTLE_SECONDS = 45;

interface Settled {
  readonly session: Session;
  readonly answer: SectionResult | undefined;
  readonly left: SectionResult | undefined;
}

/** What a crashed run has left on trial is decided before anything is read: what would be read is not what stays. */
async function connectSettled(host: Host, ports: Ports, signal: AbortSignal): Promise<Settled> {
  let patience: number | undefined;
  for (;;) {
    let session: Session | undefined;
    try {
      session = await ports.connect(host, signal);
      const [answer, undecided, left] = await session.exchange([
        { name: 'grains', script: grainsScript },
        { name: 'undecided', script: undecidedScript },
        { name: 'left', script: leftScript },
      ]);
      const found = readUndecided(undecided);
      for (const { id } of found.filter(({ is }) => is === 'undone'))
        ports.emit({
          ...{ type: 'notice', level: 'warning', host: host.name, code: 'SLAB5206' },
          message: `trial ${id} of an earlier run was not decided when the host was restarted: its files are as before now`,
        });
      const open = found.find(({ is }) => is !== 'undone');
      if (open === undefined) return { session, answer, left };
      if (open.is === 'dead')
        throw new SlabError(
          'SLAB5206',
          `trial ${open.id} of an earlier run is not decided, and nothing takes it back`,
          {
            fix: `on the host: sh ${trialFolder(open.id)}/host rollback`,
          },
        );
      const message = `trial ${open.id} of another run is not decided yet; waiting until the host takes it back, ${Math.max(0, open.seconds)} s`;
      if (patience === undefined)
        ports.emit({ type: 'notice', level: 'warning', host: host.name, code: 'SLAB5206', message });
      patience ??= ports.clock.now() + (Math.max(0, open.seconds) + SETTLE_SECONDS) * 1000;
    } catch (error) {
      await session?.close();
      session = undefined;
      // What is taken back may restart sshd, or the network: that nobody gets in for a moment is to be expected.
      const waits = error instanceof TransportError && patience !== undefined;
      if (!waits || ports.clock.now() > (patience ?? 0)) throw error;
    }
    await session?.close();
    await ports.clock.sleep(1000, signal);
    signal.throwIfAborted();
  }
}

/** Says that nothing is known of a host, and why. @throws whatever is no refusal: a bug. */
export function reportUnread(host: string, error: unknown, ports: Ports): UnreadHost {
  if (!(error instanceof SlabError)) throw error;
  const unread = {
    host,
    code: error.code,
    reason: error.message,
    ...(error.fix === undefined ? {} : { fix: error.fix }),
  };
  ports.emit({ type: 'host.unread', host, unread });
  return unread;
}
