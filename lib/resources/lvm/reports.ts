import type { Answer, Block, HostFacts } from '../../disks/facts.ts';
import { nameDevice } from '../../disks/named.ts';
import { jsonOf } from '../../disks/scanners.ts';

/** A physical volume as LVM sees it. */
export interface Pv {
  /** The kernel's name of its device; empty when that is not there. */
  readonly block: string;
  readonly uuid: string;
  /** Empty: it belongs to none. */
  readonly group: string;
  readonly duplicate: boolean;
}

/** A volume group. */
export interface Vg {
  readonly name: string;
  readonly uuid: string;
  readonly sizeBytes: number;
  readonly freeBytes: number;
  readonly extentBytes: number;
  readonly missing: number;
}

/** A logical volume. */
export interface Lv {
  readonly name: string;
  readonly group: string;
  readonly uuid: string;
  readonly sizeBytes: number;
  readonly tags: readonly string[];
  /** The volume that it is a snapshot of, or reads what was never written to it from; empty without one. */
  readonly origin: string;
  /** The pool that it lies in; empty without one. */
  readonly pool: string;
}

/** Everything that LVM says of a host. */
export interface Lvm {
  readonly pvs: readonly Pv[];
  readonly vgs: readonly Vg[];
  readonly lvs: readonly Lv[];
}

type Row = Readonly<Record<string, string>>;

/** Reads LVM's reports; one that is not whole makes all of them worthless. */
export function readLvm(facts: HostFacts): Answer<Lvm> {
  if (facts.tools['lvm'] === undefined) return { read: true, value: { pvs: [], vgs: [], lvs: [] } };
  const pvs = rows(facts, 'pvs', 'pv');
  const vgs = rows(facts, 'vgs', 'vg');
  const lvs = rows(facts, 'lvs', 'lv');
  const isTied = (row: Row): boolean => row['origin'] !== undefined && row['pool_lv'] !== undefined;
  if (pvs === undefined || vgs === undefined || lvs?.every(isTied) !== true)
    return { read: false, why: 'what LVM says of its volumes cannot be read' };
  return {
    read: true,
    value: {
      pvs: pvs.map((row) => ({
        block: blockOf(facts, row['pv_name'] ?? '')?.name ?? '',
        uuid: row['pv_uuid'] ?? '',
        group: row['vg_name'] ?? '',
        duplicate: (row['pv_duplicate'] ?? '') !== '',
      })),
      vgs: vgs.map((row) => ({
        name: row['vg_name'] ?? '',
        uuid: row['vg_uuid'] ?? '',
        sizeBytes: Number(row['vg_size']),
        freeBytes: Number(row['vg_free']),
        extentBytes: Number(row['vg_extent_size']),
        missing: Number(row['vg_missing_pv_count']),
      })),
      lvs: lvs.map((row) => ({
        name: row['lv_name'] ?? '',
        group: row['vg_name'] ?? '',
        uuid: row['lv_uuid'] ?? '',
        sizeBytes: Number(row['lv_size']),
        tags: (row['lv_tags'] ?? '').split(','),
        origin: unbracketed(row['origin']),
        pool: unbracketed(row['pool_lv']),
      })),
    },
  };
}

/** A volume that LVM keeps to itself stands in brackets. */
function unbracketed(name = ''): string {
  return name.replace(/^\[(.*)\]$/, '$1');
}

function blockOf(facts: HostFacts, path: string): Block | undefined {
  const named = nameDevice(facts, path);
  return named.is === 'device' ? named.device.block : undefined;
}

function rows(facts: HostFacts, record: string, key: string): readonly Row[] | undefined {
  const text = facts.texts[record];
  if (text?.read !== true) return undefined;
  const report = jsonOf(text.value)?.['report'];
  if (!Array.isArray(report)) return undefined;
  const [first] = report as readonly Readonly<Record<string, unknown>>[];
  const list = first?.[key];
  if (!Array.isArray(list)) return undefined;
  return (list as readonly Readonly<Record<string, unknown>>[]).map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? value : String(value)]),
    ),
  );
}
