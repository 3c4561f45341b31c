import { SlabError } from '../diagnostics/errors.ts';
import type { Host } from '../model/inventory.ts';
import type { Ports, Session } from '../model/ports.ts';
import type { SectionResult } from '../model/script.ts';
import { scriptFile } from '../shell/script-file.ts';

const reboot = scriptFile(import.meta.url, './reboot.sh');

/** A machine with much memory and many disks may need as long to come up again. */
const REBOOT_SECONDS = 900;
const EVERY_MS = 2000;

const STOPPED =
  'the run was stopped while it was rebooting, and nobody waited for it: a resume plans it again';

/**
 * Reboots a host and waits until it answers with the id of a new boot: an open port may be that of the boot that ends.
 * Each step is a notice.
 * @param signal ends the waiting at once; the reboot itself cannot be called back.
 * @returns why nobody knows how it stands; undefined when it is back.
 */
export async function rebootHost(
  {
    host,
    session,
    seconds = REBOOT_SECONDS,
  }: { readonly host: Host; readonly session: Session; readonly seconds?: number | undefined },
  signal: AbortSignal,
  ports: Pick<Ports, 'clock' | 'connect' | 'emit'>,
): Promise<string | undefined> {
  const say = (message: string): void =>
    ports.emit({ type: 'notice', level: 'info', host: host.name, code: 'SLAB5210', message });
  const began = ports.clock.now();
  let before: string;
  try {
    before = await bootOf(session, 'reboot');
  } catch (error) {
    if (!(error instanceof SlabError)) throw error;
    return `it could not be rebooted: ${error.message}`;
  }
  say(`is rebooted, as a state asks for it; waiting up to ${seconds} s for its new boot`);
  await session.close();
  let last = 'it still is in the boot of before';
  while (ports.clock.now() - began < seconds * 1000) {
    await ports.clock.sleep(EVERY_MS, signal);
    const now = signal.aborted ? {} : await tryBoot(host, signal, ports);
    if (signal.aborted) return STOPPED;
    if (now.boot !== undefined && now.boot !== before) {
      say(`is back after ${Math.round((ports.clock.now() - began) / 1000)} s with a new boot`);
      return undefined;
    }
    last = now.why ?? 'it still is in the boot of before';
  }
  return `it did not come back within ${seconds} s of its reboot: ${last}`;
}

/** A host that is going down or coming up refuses in many ways. */
async function tryBoot(
  host: Host,
  signal: AbortSignal,
  ports: Pick<Ports, 'connect'>,
): Promise<{ readonly boot?: string; readonly why?: string }> {
  let session: Session | undefined;
  // A host that goes down may leave a question open for long: nobody waits for its answer once the run is stopped.
  const hangUp = (): void => void session?.close();
  signal.addEventListener('abort', hangUp);
  try {
    session = await ports.connect(host, signal);
    return { boot: await bootOf(session, 'look') };
  } catch (error) {
    if (!(error instanceof SlabError)) throw error;
    return { why: error.message };
  } finally {
    signal.removeEventListener('abort', hangUp);
    await session?.close();
  }
}

async function bootOf(session: Session, what: 'look' | 'reboot'): Promise<string> {
  const [answer] = await session.exchange([{ name: 'boot', script: reboot([what]) }]);
  const boot = textOf(answer);
  if (answer?.code === 0 && boot !== '') return boot;
  throw new SlabError('SLAB5210', answer?.stderr.trim() ?? 'no answer');
}

/** Whether a program ended because a state asks for a reboot. */
export function asksReboot(results: readonly SectionResult[]): boolean {
  return textOf(results.find(({ name }) => name === 'close')) === 'reboot';
}

function textOf(result: SectionResult | undefined): string {
  return Buffer.from(result?.stdout ?? '')
    .toString('utf8')
    .trim();
}
