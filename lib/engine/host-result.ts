import type { ChunkName, HostResult, Outcome } from '../model/event.ts';
import type { GivenUp } from '../model/records.ts';
import type { ChunkKey } from '../model/state.ts';
import type { Outcomes } from './verify.ts';

/** How the run of one host ended. */
export interface Ending {
  readonly name: string;
  readonly outcomes: Outcomes;
  readonly remaining: readonly ChunkName[];
  /** Failures that do not fail the host. */
  readonly forgiven: ReadonlySet<ChunkKey>;
  readonly destroyed: readonly GivenUp[];
  readonly durationMs: number;
}

/** Counts outcomes: what is unknown is worse than what failed, and nothing that failed is left unsaid. */
export function summarise(ending: Ending): HostResult {
  const { name, outcomes, remaining, forgiven, destroyed, durationMs } = ending;
  const count = (status: Outcome['status']) =>
    [...outcomes.values()].filter((each) => each.outcome.status === status).length;
  const because = [...outcomes.values()].flatMap(({ outcome }) =>
    outcome.status === 'skipped' ? [outcome.because] : [],
  );
  const lost = because.find((each) => each.startsWith('the lock was taken away'));
  const stopped = lost !== undefined || because.includes('the run was stopped');
  const [failed, unknown] = [count('failed'), count('unknown')];
  const serious = [...outcomes].some(
    ([key, { outcome }]) => outcome.status === 'failed' && !forgiven.has(key),
  );
  return {
    host: name,
    status:
      unknown > 0
        ? 'unknown'
        : serious || remaining.length > 0
          ? 'failed'
          : stopped
            ? 'stopped'
            : 'converged',
    changed: count('changed'),
    failed,
    skipped: count('skipped'),
    unknown,
    remaining,
    ...(destroyed.length === 0 ? {} : { destroyed }),
    durationMs,
    ...(lost === undefined ? {} : { reason: lost }),
  };
}

/** How a host ended on which nothing was done. */
export function nothingDone(
  host: string,
  status: HostResult['status'],
  words: { readonly reason?: string; readonly fix?: string } = {},
): HostResult {
  const none = { changed: 0, failed: 0, skipped: 0, unknown: 0, remaining: [], durationMs: 0 };
  return { ...none, host, status, ...words };
}
