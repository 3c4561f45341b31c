import type { LvDeclared } from './parse.ts';
import type { Lv, Vg } from './reports.ts';

/** A share of what is there was counted when the volume was made. It is said where another count would give more. */
export function noteOfShare(declared: LvDeclared, lv: Lv, found: Vg): readonly string[] {
  const { value } = declared.size;
  const [, percent = '0', of] = /^([0-9]+)%(VG|FREE|PVS)$/.exec(value) ?? [];
  if (of === undefined || found.freeBytes === 0) return [];
  const wanted =
    Math.floor((found.sizeBytes / found.extentBytes) * (Number(percent) / 100)) * found.extentBytes;
  if (of === 'VG' && lv.sizeBytes >= wanted) return [];
  return [
    `/dev/${declared.group}/${declared.name}: "extents: ${value}" is counted when a volume is made, and not compared: it has ${lv.sizeBytes} bytes, and ${found.freeBytes} bytes of ${found.name} are free. To let it grow, declare a size`,
  ];
}
