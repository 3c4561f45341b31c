import type { Armed } from '../confirm/answers.ts';
import type { Ports, Session } from '../model/ports.ts';
import type { PlannedHost } from './plan-hosts.ts';
import type { ProgramTrial } from './program.ts';
import { event, settleTrial } from './settle-trial.ts';

/** A trial that was sent to its host. */
interface Trying {
  readonly host: PlannedHost;
  readonly trial: ProgramTrial;
  readonly armed: Armed;
  /** The connection in use; a new one takes its place. */
  readonly line: { session: Session };
  readonly seconds: number;
  readonly cancel: AbortSignal;
  readonly redact: (text: string) => string;
}

/** How it went. */
export interface Tried {
  readonly well: boolean;
  readonly why: string;
  /** The step that refused. */
  readonly part?: string;
  /** Nothing more is known of the host. */
  readonly lost?: string;
}

/** Sees a trial to its end. From then on the host is spoken to over a new connection. */
export async function tryTrial(
  { host, trial, armed, line, seconds, cancel, redact }: Trying,
  ports: Ports,
): Promise<Tried> {
  const { id, folder, address, what } = trial;
  const about = { host: host.host, id, seconds };
  if (armed.is === 'empty') return { well: true, why: '' };
  if (armed.is === 'refused') {
    const why = redact(armed.why);
    ports.emit(event(about, 'refused', `nothing was tried: ${why}`));
    return { well: false, why, ...(armed.part === undefined ? {} : { part: armed.part }) };
  }
  const where = address === undefined ? '' : `; it is then reached at ${address}`;
  const message = `on trial: ${what}${where}. Unless a new login confirms it within ${seconds} s the host takes it back`;
  const isLost = armed.is === 'lost';
  if (isLost)
    ports.emit(
      event(about, 'waiting', `${redact(armed.why)}: the host is asked over a new login how ${what} stands`),
    );
  else ports.emit(event(about, 'armed', message));
  const end = await settleTrial(
    { ...about, folder, cancel, isLost, ...(address === undefined ? {} : { address }) },
    ports,
  );
  if (end.how === 'unknown') return { well: false, why: end.why, lost: end.why };
  const old = line.session;
  line.session = end.session;
  await old.close();
  if (end.how === 'confirmed' && address !== undefined) {
    const told = `${host.host.name} is now reached at ${address}: write that into the inventory`;
    ports.emit({ type: 'notice', level: 'warning', host: host.host.name, code: 'SLAB5205', message: told });
  }
  return { well: end.how === 'confirmed', why: redact(end.why ?? '') };
}
