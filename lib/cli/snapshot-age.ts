import { foldHosts } from '../diagnostics/fold.ts';
import type { Taken } from '../project/snapshot-file.ts';
import { version } from './version.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Snapshots are fresh for a week. */
const FRESH_DAYS = 7;

/** What a reader has to know of the snapshots that were compiled with: their age, and whether another slab took them. */
export function snapshotNotices(
  taken: ReadonlyMap<string, Taken>,
  hosts: readonly string[],
  now: Date,
): readonly string[] {
  const used = hosts.flatMap((host) => {
    const found = taken.get(host);
    return found === undefined ? [] : [{ host, ...found }];
  });
  const age = ({ at }: Taken): number => Math.floor((now.getTime() - Date.parse(at)) / DAY_MS);
  const [oldest] = used.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (oldest === undefined) return [];
  const stale = used.filter((each) => age(each) >= FRESH_DAYS);
  const foreign = used.filter(({ slab }) => slab !== version);
  const notices: string[] = [];
  if (stale.length > 0)
    notices.push(
      `${stale.length} of ${used.length} snapshots are older than ${FRESH_DAYS} days, ${oldest.host} the oldest with ${age(oldest)}: slab snapshot takes them anew`,
    );
  if (foreign.length > 0)
    notices.push(
      `snapshots of ${foldHosts(foreign.map(({ host }) => host))} were taken by slab ${[...new Set(foreign.map(({ slab }) => slab))].join(', ')}; this is ${version}`,
    );
  return notices;
}
