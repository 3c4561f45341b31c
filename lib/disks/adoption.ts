import { createHash } from 'node:crypto';
import type { DiskAdoption } from '../model/records.ts';
import { fieldsOf, readGpt } from './content.ts';
import type { HostFacts } from './facts.ts';
import { listDisks, type Disk } from './identity.ts';
import type { Marker } from './marker.ts';
import { copiesOf, geometry, misfits, mountPoints, sharesIds } from './own.ts';
import { describeDamage } from './table-copies.ts';
import { refuse, type Case, type Verdict } from './verdict.ts';

/**
 * What a person agrees to take over: one disk, its table, its file system and its marker, to the last byte. Files are not
 * in it: they stay, whatever they are.
 */
export function adoptionFingerprint(disk: Disk, markerText: string): string {
  const gpt = readGpt(disk);
  const { TYPE, UUID, LABEL } = fieldsOf(disk.partitions[0] ?? disk.block);
  const what = [
    'slab-adopt 1',
    ...[disk.serial, geometry(disk), gpt?.id ?? null, gpt?.partitions ?? null],
    ...[TYPE ?? null, UUID ?? null, LABEL ?? null, markerText],
  ];
  return `sha256:${createHash('sha256').update(JSON.stringify(what)).digest('hex')}`;
}

/** What makes it impossible to take over a disk of somebody else; nothing when it is possible. */
export function adoptionObstacles(disk: Disk, marker: Marker, others: readonly Disk[]): readonly string[] {
  const gpt = readGpt(disk);
  return [
    ...misfits(marker, disk),
    ...(gpt === undefined || disk.partitions.length !== 1 ? ['it has no table with one partition'] : []),
    ...(gpt?.warnings ?? []).map(describeDamage),
    ...copiesOf(disk, marker, others),
    ...(disk.block.readOnly === false ? [] : ['it is read only']),
  ];
}

/** What another host has of a disk that is to be taken over, in words; undefined when it does not see it. */
export function seenElsewhere(disk: Disk, marker: Marker, facts: HostFacts): string | undefined {
  const found = listDisks(facts).find(
    (other) =>
      (other.serial !== '' && other.serial === disk.serial) ||
      (other.wwn !== '' && other.wwn === disk.wwn) ||
      sharesIds(other, marker),
  );
  if (found === undefined) return undefined;
  const points = mountPoints(found, facts);
  return `has it as ${found.block.name}${points.length === 0 ? '' : `, mounted on ${points.join(', ')}`}`;
}

/**
 * A ready disk of another cluster, host or role, of which somebody said that it is to be taken over: only with exactly what
 * that person saw, used by nobody, and the only one with its ids.
 */
export function decideAdoption(
  { disk, policy, unsuitable }: Case,
  { marker, markerText }: { readonly marker: Marker; readonly markerText: string },
  { adoption, users, refusal }: AdoptionAsked,
): Verdict {
  const stays = (...words: readonly string[]): Verdict => ({
    ...refusal,
    evidence: [...refusal.evidence, ...words],
  });
  if (users.length > 0) return refuse('BUSY', ...refusal.evidence, ...users.map((user) => `in use: ${user}`));
  const { host, serial, sizeBytes, fingerprint, by, reason } = adoption;
  if (host !== policy.host || serial !== disk.serial || sizeBytes !== disk.block.sizeBytes)
    return stays('the adoption is for another host, serial number or size');
  if (unsuitable.length > 0) return refuse('UNSUITABLE', ...unsuitable);
  const obstacles = adoptionObstacles(disk, marker, policy.others);
  if (obstacles.length > 0) return stays(...obstacles, 'it cannot be adopted');
  const now = adoptionFingerprint(disk, markerText);
  if (now !== fingerprint) return stays(`the adoption is for ${fingerprint}, and what is there is ${now}`);
  return {
    state: 'FOREIGN',
    action: { do: 'adopt', marker, markerText },
    evidence: [...refusal.evidence.slice(0, 1), `its adoption was agreed to by ${by}: ${reason}`],
  };
}

interface AdoptionAsked {
  readonly adoption: DiskAdoption;
  readonly users: readonly string[];
  /** The verdict without it. */
  readonly refusal: Verdict;
}
