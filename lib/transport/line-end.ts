import { TransportError } from '../diagnostics/errors.ts';
import type { LineEnd } from './line.ts';

/** What the shell was doing when its line ended. */
export interface Interrupted {
  /** The section that had begun and not ended. */
  readonly section: string | undefined;
  /** The last words of the shell itself. */
  readonly stderr: string;
}

/** The error for a line that ended while answers were due; says what is known of the section it was in. */
export function lineEndError(host: string, end: LineEnd, { section, stderr }: Interrupted): TransportError {
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
  const said = stderr.trim().split('\n').slice(-2).join('; ');
  const words = said === '' ? '' : `; it said: ${said}`;
  return new TransportError(
    'SLAB3309',
    `the output of ${host} broke off${during}: the shell ended with ${how}${words}`,
    {
      fix,
    },
  );
}
