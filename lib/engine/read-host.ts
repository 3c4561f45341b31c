import { SlabError } from '../diagnostics/errors.ts';
import { grainsScript } from '../grains/grains-script.ts';
import { parseGrains } from '../grains/parse-grains.ts';
import type { Host } from '../model/inventory.ts';
import type { UnreadHost } from '../model/plan.ts';
import type { Ports, Session } from '../model/ports.ts';
import type { Grains } from '../model/value.ts';

/** A host that answered: its session and what is known of it. */
export interface ReadHost {
  readonly host: Host;
  readonly session: Session;
  readonly grains: Grains;
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
    session = await ports.connect(host, signal);
    const [answer] = await session.exchange([{ name: 'grains', script: grainsScript }]);
    if (answer === undefined || answer.code !== 0) {
      throw new SlabError(
        'SLAB4101',
        `the script that reads the grains ended with ${answer?.code ?? 'nothing'}`,
      );
    }
    ports.emit({ type: 'host.connected', host: host.name, durationMs: ports.clock.now() - began });
    return { read: { host, session, grains: parseGrains(answer.stdout, host) } };
  } catch (error) {
    await session?.close();
    return { unread: reportUnread(host.name, error, ports) };
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
