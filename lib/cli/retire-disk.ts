import { SlabError } from '../diagnostics/errors.ts';
import type { Disk } from '../disks/identity.ts';
import type { DiskRecord } from '../model/records.ts';

/** A disk to take out of service, and what its host says of it: that it is there, or why nothing is seen of it. */
export interface RetireCase {
  readonly host: string;
  readonly serial: string;
  /** What is on record of it. */
  readonly known: DiskRecord | undefined;
  readonly seen: Disk | { readonly why: string; readonly fix?: string };
  /** ISO 8601, UTC. */
  readonly at: string;
}

/**
 * The record of a disk that is taken out of service: as it stands, or else made of what is seen. A disk that has died or was
 * pulled is known by its record alone.
 * @throws SlabError when the host does not show it, and it is not on record as a disk of this host.
 */
export function recordToRetire({ host, serial, known, seen, at }: RetireCase): DiskRecord {
  if (!('why' in seen)) {
    const { block, wwn } = seen;
    return (
      known ?? {
        ...{ serial, host, role: '', sizeBytes: block.sizeBytes ?? 0, gen: 0, firstSeen: at },
        ...(wwn === '' ? {} : { wwn }),
      }
    );
  }
  if (known === undefined)
    throw new SlabError('SLAB6004', `${seen.why}; and it is on record nowhere in this environment`, {
      fix: seen.fix ?? 'look at the serial number',
    });
  if (known.host !== host)
    throw new SlabError('SLAB6004', `${seen.why}; and it is on record as a disk of ${known.host}`, {
      fix: `slab disk retire ${known.host} ${serial}`,
    });
  return known;
}
