import { TransportError } from '../diagnostics/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { remoteWords } from './remote-words.ts';
import type { LoginPlan, LoginWay } from './login.ts';

/** How far a connection has come. */
export type Phase = 'key exchange' | 'login';

/** The error for a server that takes the connection and then says nothing. */
export function silentError({ shown, connectTimeoutMs, port, user }: Endpoint, phase: Phase): TransportError {
  const seconds = connectTimeoutMs / 1000;
  return phase === 'key exchange'
    ? new TransportError(
        'SLAB3307',
        `${shown} accepted the connection and then stayed silent for ${seconds} s`,
        {
          fix: `check that port ${port} of ${shown} is an SSH server, and that it is not overloaded`,
        },
      )
    : new TransportError('SLAB3307', `${shown} did not answer the login of ${user} within ${seconds} s`, {
        fix: `check the load of ${shown} and what its login asks (PAM, name service)`,
      });
}

/** The error for a login that every offered way failed; names what was offered. */
export function loginError(endpoint: Endpoint, tried: readonly LoginWay[], plan: LoginPlan): TransportError {
  const { shown, user } = endpoint;
  const offered = tried.length === 0 ? 'there was nothing to offer' : `it rejected ${names(tried)}`;
  const untried = plan.ways.filter((way) => !tried.includes(way));
  const more = [
    ...(untried.length === 0 ? [] : [`it would not take ${names(untried)}`]),
    ...(plan.leftOut.length === 0 ? [] : [`left out: ${plan.leftOut.join(', ')}`]),
  ];
  return new TransportError(
    'SLAB3302',
    `cannot log in to ${shown} as ${user}: ${[offered, ...more].join('; ')}`,
    {
      fix: `put a public key of yours into ~${user}/.ssh/authorized_keys on ${shown}, or name the right user and identity_file in the inventory`,
    },
  );
}

/** What is known of a handshake that failed. */
export interface FailedHandshake {
  readonly endpoint: Endpoint;
  readonly phase: Phase;
  readonly error: Error;
  /** The first bytes the server sent. */
  readonly greeting: string;
  readonly tried: readonly LoginWay[];
  readonly plan: LoginPlan;
}

/** The error for a connection that failed before it was of use. */
export function handshakeError({
  endpoint,
  phase,
  error,
  greeting,
  tried,
  plan,
}: FailedHandshake): TransportError {
  const { shown, port, user } = endpoint;
  const message = remoteWords(error.message);
  if (/no matching|no mutual/i.test(message))
    return new TransportError('SLAB3317', `${shown} and slab have no SSH algorithm in common: ${message}`, {
      cause: error,
      fix: `allow curve25519-sha256 and ssh-ed25519, ecdsa or rsa-sha2 host keys in sshd_config on ${shown}`,
    });
  if (/too many authentication failures/i.test(message)) return loginError(endpoint, tried, plan);
  if (phase === 'key exchange' && greeting !== '' && !/^SSH-/m.test(greeting)) {
    const said = JSON.stringify(remoteWords(greeting.split(/\r?\n/)[0] ?? ''));
    return new TransportError('SLAB3301', `port ${port} of ${shown} does not speak SSH: it says ${said}`, {
      cause: error,
      fix: `check the port of ${shown} in the inventory`,
    });
  }
  const fixes = {
    'key exchange': `sshd may limit connections (MaxStartups, PerSourcePenalties) or ban this address: see its log on ${shown}`,
    login: `see the log of sshd on ${shown}, and whether ${user} may log in there (AllowUsers, nologin, limits)`,
  };
  return new TransportError(
    'SLAB3308',
    `the connection to ${shown} was lost during the ${phase}: ${message}`,
    {
      cause: error,
      fix: fixes[phase],
    },
  );
}

function names(ways: readonly LoginWay[]): string {
  return ways.map((way) => way.shown).join(', ');
}
