import { SlabError } from '../diagnostics/errors.ts';
import type { Host } from '../model/inventory.ts';
import type { Ports, Session } from '../model/ports.ts';
import type { Script, SectionResult } from '../model/script.ts';
import { joinScripts, sh } from '../shell/sh.ts';
import { forEachLimited } from './each-host.ts';
import { lockFunctions } from './lock-functions.ts';
import { readOpening } from './opening.ts';

const LOOK = joinScripts([lockFunctions, sh`slab_look_lock`]);
const EVERY_MS = 1000;

/** Waiting for hosts that others are at work on. */
export interface Waiting {
  readonly hosts: readonly Host[];
  readonly seconds: number;
  readonly parallel: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until nobody else is at work on hosts, so that what is then planned is what is found. Who cannot be reached, or
 * stays locked, is left to the run itself, which says so.
 */
export async function awaitLocks({ hosts, seconds, parallel, signal }: Waiting, ports: Ports): Promise<void> {
  await forEachLimited(hosts, parallel, async (host) => {
    let session: Session | undefined;
    try {
      session = await ports.connect(host, signal);
      const open = session;
      await untilFree({ host: host.name, seconds, signal }, ports, async () => {
        const [answer] = await open.exchange([{ name: 'lock', script: LOOK }]);
        return answer !== undefined && textOf(answer).startsWith('locked')
          ? readOpening(answer)?.reason
          : undefined;
      });
    } catch (error) {
      if (!(error instanceof SlabError)) throw error;
    } finally {
      await session?.close();
    }
  });
}

/** Asks every second whether a host is free, and says so each time another holds it. @returns whether it is. */
export async function untilFree(
  {
    host,
    seconds,
    signal,
  }: { readonly host: string; readonly seconds: number; readonly signal: AbortSignal },
  ports: Pick<Ports, 'clock' | 'emit'>,
  ask: () => Promise<string | undefined>,
): Promise<boolean> {
  const end = ports.clock.now() + seconds * 1000;
  let told: string | undefined;
  for (;;) {
    const reason = await ask();
    if (reason === undefined) return true;
    const left = Math.ceil((end - ports.clock.now()) / 1000);
    if (left <= 0 || signal.aborted) return false;
    const who = reason.replace(/ \(held for .*/, '');
    if (who !== told) ports.emit({ type: 'lock.waiting', host, reason, seconds: left });
    told = who;
    await ports.clock.sleep(EVERY_MS, signal);
  }
}

/** Takes a host's lock away: `by` and `reason` are recorded there, and the run that held it ends before its next step. */
export function unlockScript(by: string, reason: string): Script {
  return joinScripts([lockFunctions, sh`slab_unlock ${by} ${reason}`]);
}

/** What became of a lock that was to be taken away, and whose it was. */
export interface Unlocked {
  readonly how: 'free' | 'taken' | 'runs';
  readonly who: string;
}

/** Reads the answer of `unlockScript`. @throws SlabError when there is none. */
export function readUnlocked(answer: SectionResult | undefined): Unlocked {
  const [, how, who = ''] =
    /^(free|taken|runs)\s?(.*)/.exec(answer === undefined ? '' : textOf(answer)) ?? [];
  if (how === 'free' || how === 'taken' || how === 'runs') return { how, who };
  throw new SlabError('SLAB5202', `the lock cannot be taken away: ${answer?.stderr.trim() ?? 'no answer'}`);
}

function textOf({ stdout }: SectionResult): string {
  return Buffer.from(stdout).toString('utf8').trim();
}
