import type { Change } from '../../model/change.ts';
import type { PkgObserved } from './observe.ts';
import type { PkgDeclared } from './parse.ts';

/** Seconds for which an index is fresh enough to install from. */
const freshSeconds = 3600;
/** Seconds for which an index is fresh enough to say that nothing newer exists: it is fetched once a day at most. */
const newestSeconds = 86_400;

/** What happens to the package index. */
export interface IndexPolicy {
  /** Fetch it before the packages if it is older than this; undefined: leave it. */
  readonly fetchAfterSeconds: number | undefined;
  /** Whether fetching it is all that is known to be needed. */
  readonly isChange: boolean;
  /** It is older than that by now. */
  readonly old: boolean;
}

/** Decides whether the index is fetched, given what is to be changed. */
export function indexPolicy(
  { fun, packages, refresh, indexSeconds }: PkgDeclared,
  { indexAge, asked }: NonNullable<PkgObserved>,
  changes: readonly Change[],
): IndexPolicy {
  const none = { fetchAfterSeconds: undefined, isChange: false, old: false };
  if (refresh === false || fun === 'removed' || fun === 'purged') return none;
  const isOld = (limit: number) => asked && (indexAge === null || indexAge >= limit);
  if (changes.some(({ field }) => field !== 'hold')) {
    const limit = indexSeconds ?? freshSeconds;
    return { fetchAfterSeconds: limit, isChange: false, old: isOld(limit) };
  }
  if (!packages.some(({ newest }) => newest)) return none;
  const limit = indexSeconds ?? (refresh === true ? freshSeconds : newestSeconds);
  return isOld(limit) ? { fetchAfterSeconds: limit, isChange: true, old: true } : none;
}

/** What a person should know of the index. */
export function indexNotes(
  { packages }: PkgDeclared,
  { asked, indexAge }: NonNullable<PkgObserved>,
  { fetchAfterSeconds, old }: IndexPolicy,
): readonly string[] {
  const age = describeAge(indexAge);
  if (old) return [`${age}: apt-get update runs first, and may bring newer versions`];
  if (fetchAfterSeconds !== undefined || !asked || !packages.some(({ newest }) => newest)) return [];
  return indexAge === null || indexAge >= freshSeconds ? [`newest as far as known: ${age}`] : [];
}

/** `the package index is 3 days old`. */
export function describeAge(seconds: number | null): string {
  if (seconds === null) return 'there is no package index yet';
  const [unit, size] = (
    [
      ['day', 86_400],
      ['hour', 3600],
      ['minute', 60],
    ] as const
  ).find(([, each]) => seconds >= each) ?? ['second', 1];
  const count = Math.floor(seconds / size);
  return `the package index is ${count} ${unit}${count === 1 ? '' : 's'} old`;
}
