import { TransportError } from '../diagnostics/errors.ts';
import type { LineEnd } from './line.ts';
import { lastRemoteWords } from './remote-words.ts';

/** What the shell was doing when its line ended. */
export interface Interrupted {
  /** Whether it had said that it runs. */
  readonly ready: boolean;
  /** The section that had begun and not ended. */
  readonly section: string | undefined;
  /** The last words of the shell itself. */
  readonly said: string;
}

/** The error for a line that ended while answers were due; says what is known of the section it was in. */
export function lineEndError(
  host: string,
  end: LineEnd,
  { ready, section, said }: Interrupted,
): TransportError {
  const during = section === undefined ? '' : ` during "${section}"`;
  const fix =
    section === undefined
      ? `check the network and the load of ${host}, then run the command again`
      : `nobody knows whether "${section}" ended: run slab plan for ${host} to see how it is now`;
  if (end.kind === 'lost')
    return end.silent
      ? new TransportError('SLAB3307', `${host} fell silent${during}: ${end.reason}`, { fix })
      : new TransportError('SLAB3308', `the connection to ${host} was lost${during}: ${end.reason}`, { fix });
  const how = end.signal === undefined ? `exit code ${end.code ?? 'unknown'}` : `signal ${end.signal}`;
  const words = lastRemoteWords(said, 2);
  const because = words === '' ? '' : `; it said: ${words}`;
  if (!ready)
    return new TransportError(
      'SLAB3302',
      `${host} took the login, but no shell runs there: ${how}${because}`,
      {
        fix: `check the login shell of this user on ${host}, its start files, and that sh is in its PATH`,
      },
    );
  return new TransportError(
    'SLAB3309',
    `the output of ${host} broke off${during}: the shell ended with ${how}${because}`,
    { fix },
  );
}
