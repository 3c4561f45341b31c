import type { DiskView } from '../model/disk-view.ts';
import type { HostResult } from '../model/event.ts';
import type { noteReadyDisks } from '../project/disk-ledger.ts';
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
  const seen = made.result.plan.hosts.flatMap(({ host, chunks }) =>
    (changed.get(host) ?? chunks.flatMap(({ disks = [] }) => disks)).flatMap((view) => readyDisk(host, view)),
  );
  if (seen.length === 0) return true;
  const { noteReadyDisks } = await import('../project/disk-ledger.ts');
  const { ledgerFolder } = await import('./open-project.ts');
  const { ledger, files, source } = made.project;
  const { written, problems } = noteReadyDisks(ledgerFolder(files), ledger, { seen, now: new Date() });
  if (written.length > 0) console.say(`ledger of disks: ${written.length} written in ${ledgerFolder(files)}`);
  console.complain(problems, source);
  return problems.length === 0;
}

/** What goes on record of a disk that is ours: a view of it has a generation then. */
function readyDisk(host: string, view: DiskView): Parameters<typeof noteReadyDisks>[2]['seen'] {
  const { serial, wwn, slot, sizeBytes, gen, action } = view;
  if (gen === undefined || action === 'refused') return [];
  const role = view.role.replace(/-\d+$/, '');
  return [
    {
      serial,
      host,
      role,
      sizeBytes,
      gen,
      ...(wwn === undefined ? {} : { wwn }),
      ...(slot === '' ? {} : { slot }),
    },
  ];
}
