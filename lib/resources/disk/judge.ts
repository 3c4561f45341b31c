import { decideDisk } from '../../disks/decide.ts';
import type { Verdict } from '../../disks/verdict.ts';
import { listDisks, selectDisks, type Disk, type Selection } from '../../disks/identity.ts';
import type { DiskObserved } from './observed.ts';
import type { DiskDeclared } from './parse.ts';

/** One disk that a declaration means, and what is decided on it. */
export interface JudgedDisk {
  readonly disk: Disk;
  readonly verdict: Verdict;
}

/** Decides on every disk that is meant, in the order of their places. */
export function judgeDisks(declared: DiskDeclared, observed: DiskObserved): readonly JudgedDisk[] {
  if (!observed.facts.read) return [];
  const facts = observed.facts.value;
  const disks = listDisks(facts);
  const { records } = declared;
  const judged = selectDisks(disks, declared.selector).disks.map(({ disk, unsuitable }) => {
    const record = records.disks.find((each) => each.serial === disk.serial);
    const approval = records.approvals.find((each) => each.serial === disk.serial);
    const adoption = records.adoptions?.find((each) => each.serial === disk.serial);
    const newest = records.generations?.[disk.serial];
    const look = observed.looks[disk.block.name];
    const verdict = decideDisk({
      ...{ facts, disk, unsuitable },
      ...(look === undefined ? {} : look.read ? { look: look.value } : { lookFailed: look.why }),
      policy: {
        ...{ cluster: declared.cluster, host: declared.host, role: declared.role },
        ...{ filesystem: declared.filesystem, whenBlank: declared.whenBlank, others: disks },
        ...(record === undefined ? {} : { record }),
        ...(approval === undefined ? {} : { approval }),
        ...(adoption === undefined ? {} : { adoption }),
        ...(newest === undefined ? {} : { newest }),
      },
    });
    return { disk, verdict };
  });
  return judged.sort((a, b) => compare(a.disk.slot, b.disk.slot) || compare(a.disk.serial, b.disk.serial));
}

/** Names that no disk of the host answers to. */
export function missingNames(declared: DiskDeclared, observed: DiskObserved): Selection['missing'] {
  if (!observed.facts.read) return [];
  return selectDisks(listDisks(observed.facts.value), declared.selector).missing;
}

/** By numbers where there are some: sda2 before sda10. */
function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
