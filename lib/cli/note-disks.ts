import type { DiskView } from '../model/disk-view.ts';
import type { HostResult } from '../model/event.ts';
import type { SeenDisks } from '../project/note-ready-disks.ts';
import type { Console } from './console.ts';
import type { MadePlan } from './make-plan.ts';

/**
 * Puts the disks that are ready now on record, with the approvals that were used, and says which could not be.
 * @returns whether all are on record.
 */
export async function noteDisks(
  made: Pick<MadePlan, 'project' | 'result'>,
  results: readonly HostResult[],
  console: Console,
): Promise<boolean> {
  const changed = new Map(results.map(({ host, disks = [] }) => [host, disks]));
  const views = made.result.plan.hosts.flatMap(({ host, chunks }) =>
    (changed.get(host) ?? chunks.flatMap(({ disks = [] }) => disks)).map((view) => ({ host, view })),
  );
  const ready = views.flatMap(({ host, view }) => readyDisk(host, view));
  const destroyed = results.flatMap(({ host, destroyed: each = [] }) =>
    each.map((content) => ({ ...content, host })),
  );
  if (ready.length + destroyed.length === 0) return true;
  const present = views
    .filter(({ view }) => view.state !== 'MISSING')
    .map(({ host, view: { serial } }) => ({ host, serial }));
  const { noteReadyDisks } = await import('../project/note-ready-disks.ts');
  const { ledgerFolder } = await import('./open-project.ts');
  const { ledger, files, source } = made.project;
  const seen = { ready, present, destroyed, now: new Date() };
  const { written, retired, problems } = noteReadyDisks(ledgerFolder(files), ledger, seen);
  if (written.length > 0) console.say(`ledger of disks: ${written.length} written in ${ledgerFolder(files)}`);
  for (const { serial, host, why } of retired) console.say(`disk ${serial} of ${host} is retired: ${why}`);
  console.complain(problems, source);
  return problems.length === 0;
}

/** What goes on record of a disk that is ours: a view of it has a generation then. */
function readyDisk(host: string, view: DiskView): SeenDisks['ready'] {
  const { serial, wwn, slot, sizeBytes, gen, action } = view;
  if (gen === undefined || action === 'refused') return [];
  const [, role = view.role, n] = /^(.*)-(\d+)$/.exec(view.role) ?? [];
  return [
    {
      serial,
      host,
      role,
      sizeBytes,
      gen,
      ...(n === undefined ? {} : { n: Number(n) }),
      ...(wwn === undefined ? {} : { wwn }),
      ...(slot === '' ? {} : { slot }),
    },
  ];
}
