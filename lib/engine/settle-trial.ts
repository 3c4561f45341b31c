import { SlabError } from '../diagnostics/errors.ts';
import { readStanding, type Standing } from '../confirm/answers.ts';
import { askScript, lookScript } from '../confirm/scripts.ts';
import type { Event } from '../model/event.ts';
import type { Host } from '../model/inventory.ts';
import type { Ports, Session } from '../model/ports.ts';
import type { Script } from '../model/script.ts';

/** A trial that has been armed and begun. */
export interface ArmedTrial {
  readonly host: Host;
  readonly id: string;
  readonly folder: string;
  /** Until the host takes it back by itself. */
  readonly seconds: number;
  /** Where the host is reached from now on, if that changes. */
  readonly address?: string;
  /** Nobody has heard whether it was armed. */
  readonly isLost?: boolean;
  /** Ends the waiting; the host then decides alone. */
  readonly cancel: AbortSignal;
}

/** How a trial ended, with the new connection that told. */
export type TrialEnd =
  | { readonly how: 'confirmed'; readonly session: Session; readonly why?: string }
  | { readonly how: 'rolled-back'; readonly session: Session; readonly why: string }
  /** Nobody knows: the host was not reached again. */
  | { readonly how: 'unknown'; readonly why: string };

/** What one login, or the attempt at one, has told. */
type Told = { readonly standing: Standing; readonly session: Session } | { readonly refused: string };

const LOGIN_MS = 5_000;
const ANSWER_MS = 30_000;
const PAUSE_MS = 500;
/** How long a host may take, after its time is up, to be as before and to answer. */
const GRACE_MS = 45_000;

/**
 * Confirms a trial over new connections to where the host shall be reached, until it is decided; then, if it was taken
 * back, finds the host where it was before. A lost answer means that nobody knows: the host is asked once more.
 */
export async function settleTrial(trial: ArmedTrial, ports: Ports): Promise<TrialEnd> {
  const { host, seconds, address } = trial;
  const there = address === undefined ? host : { ...host, movedTo: address };
  const say = (phase: 'waiting' | 'confirmed' | 'rolled-back' | 'unknown', message: string) =>
    ports.emit(event(trial, phase, message));
  const until = ports.clock.now() + seconds * 1000;
  let why: string | undefined;
  let after = false;
  await ports.clock.sleep(PAUSE_MS);
  while (ports.clock.now() < until && !trial.cancel.aborted) {
    const told = await tell(there, askScript(trial.folder, after), { until, loginMs: loginMs(trial) }, ports);
    if ('standing' in told) {
      const { standing, session } = told;
      const end = endOf(trial, told, why);
      if (end !== undefined) return finish(end, say);
      await session.close();
      if (standing.applied === true) {
        after = true;
        continue;
      }
    }
    const reason = 'refused' in told ? told.refused : told.standing.why;
    if (reason !== undefined && reason !== why) say('waiting', `not confirmed yet: ${reason}`);
    why = reason ?? why;
    await ports.clock.sleep(PAUSE_MS, trial.cancel);
  }
  return finish(await findAgain(trial, there, { until, why }, ports), say);
}

/** How long a login may take: a host whose sshd asks a dead name server takes ten seconds, and must not count as lost. */
function loginMs({ seconds }: ArmedTrial): number {
  return Math.max(LOGIN_MS, seconds * 250);
}

/** A trial that ended while the host was asked. */
function endOf(
  { isLost = false }: ArmedTrial,
  { standing, session }: { readonly standing: Standing; readonly session: Session },
  why: string | undefined,
): TrialEnd | undefined {
  const more = standing.failed === undefined ? '' : `; ${standing.failed}`;
  switch (standing.is) {
    case 'confirmed':
      return {
        how: 'confirmed',
        session,
        ...(standing.failed === undefined ? {} : { why: standing.failed }),
      };
    case 'rolled-back':
      return { how: 'rolled-back', session, why: `${reasonOf(standing, why)}${more}` };
    case 'gone':
      return {
        how: 'rolled-back',
        session,
        why: isLost
          ? 'nothing of it is there: the host refused it, or was restarted'
          : 'the host was restarted, and has booted what was stored before',
      };
    default:
      return undefined;
  }
}

/** What a check said says more than that time was up, and what kept us out more than that nobody came. */
function reasonOf({ why: said }: Standing, why: string | undefined): string {
  const late = said?.startsWith('nobody confirmed it') === true;
  if (said !== undefined && !late) return said;
  return why ?? said ?? 'no reason is on record';
}

async function findAgain(
  trial: ArmedTrial,
  there: Host,
  { until, why }: { readonly until: number; readonly why: string | undefined },
  ports: Ports,
): Promise<TrialEnd> {
  const end = until + GRACE_MS;
  // A confirmation whose answer was lost leaves the host at its new address.
  const places = there === trial.host ? [trial.host] : [trial.host, there];
  let last = why ?? 'no answer';
  while (ports.clock.now() < end && !trial.cancel.aborted) {
    for (const place of places) {
      const told = await tell(
        place,
        lookScript(trial.folder),
        { until: end, loginMs: loginMs(trial) },
        ports,
      );
      if ('refused' in told) {
        last = told.refused;
        continue;
      }
      const found = endOf(trial, told, why);
      if (found !== undefined) return found;
      await told.session.close();
    }
    await ports.clock.sleep(PAUSE_MS, trial.cancel);
  }
  const left = Math.max(0, Math.ceil((until - ports.clock.now()) / 1000));
  return {
    how: 'unknown',
    why: trial.cancel.aborted
      ? `nobody waited for it; the host takes it back by itself${left > 0 ? ` within ${left} s` : ''}`
      : `the host was not reached again (${last}); look at it from its console`,
  };
}

/** Logs in anew and asks; every way in which that can fail is an answer too. */
async function tell(
  host: Host,
  script: Script,
  { until, loginMs }: { readonly until: number; readonly loginMs: number },
  ports: Ports,
): Promise<Told> {
  let session: Session | undefined;
  const patience = new AbortController();
  const limit = async (ms: number, what: string): Promise<never> => {
    await ports.clock.sleep(Math.max(1000, Math.min(ms, until - ports.clock.now())), patience.signal);
    throw new SlabError('SLAB3307', what);
  };
  const giveUp = new AbortController();
  try {
    const login = ports.connect(host, giveUp.signal);
    const where = host.movedTo ?? host.address ?? host.name;
    session = await Promise.race([
      login,
      limit(loginMs, `no login at ${where} within ${loginMs / 1000} s`),
    ]).catch((error: unknown) => {
      giveUp.abort(error);
      login.then(
        (late) => late.close(),
        () => undefined,
      );
      throw error;
    });
    const answer = session.exchange([{ name: 'trial', script }]);
    answer.catch(() => undefined);
    const [result] = await Promise.race([
      answer,
      limit(ANSWER_MS, 'the host has not answered what it was asked'),
    ]);
    return { standing: readStanding(result), session };
  } catch (error) {
    await session?.close();
    if (!(error instanceof SlabError)) throw error;
    return { refused: error.message };
  } finally {
    patience.abort();
  }
}

function finish(
  end: TrialEnd,
  say: (phase: 'confirmed' | 'rolled-back' | 'unknown', message: string) => void,
): TrialEnd {
  if (end.how === 'confirmed')
    say('confirmed', end.why === undefined ? 'confirmed over a new login' : `confirmed, but: ${end.why}`);
  else if (end.how === 'rolled-back') say('rolled-back', `the host has taken it back: ${end.why}`);
  else say('unknown', end.why);
  return end;
}

/** What is said of a trial. */
export function event(
  { host, id, seconds }: Pick<ArmedTrial, 'host' | 'id' | 'seconds'>,
  phase: Extract<Event, { type: 'trial' }>['phase'],
  message: string,
): Event {
  return { type: 'trial', host: host.name, trial: id, phase, seconds, message };
}
