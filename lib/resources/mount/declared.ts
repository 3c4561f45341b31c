import type { HostRecords } from '../../model/records.ts';
import type { OptionRules } from './options.ts';

/** What kind of thing is mounted, and so how it is told from others. */
export type SourceKind = 'block' | 'bind' | 'other';

/** What every function of this kind knows. */
interface Common {
  readonly config: string;
  readonly records: HostRecords;
  readonly systemd: boolean;
}

/** Something that is mounted, or a line of fstab. */
export interface MountedDeclared extends Common {
  readonly fun: 'mounted' | 'fstab_present';
  readonly point: string;
  readonly device: string;
  readonly kind: SourceKind;
  readonly type: string;
  readonly options: readonly string[];
  readonly dump: number;
  readonly pass: number;
  readonly mkmnt: boolean;
  /** In fstab. */
  readonly persist: boolean;
  readonly live: boolean;
  readonly user: string;
  /** Fields of fstab that say which line is meant. */
  readonly matchOn: readonly ('point' | 'device' | 'type')[];
  readonly mayBe: readonly string[];
  readonly rules: OptionRules;
  /** How the line names the device. */
  readonly mountBy: string;
  readonly notChange: boolean;
}

/** Something that is not mounted, or no line of fstab. */
export interface UnmountedDeclared extends Common {
  readonly fun: 'unmounted' | 'fstab_absent';
  readonly point: string;
  /** Empty: whatever it is. */
  readonly device: string;
  readonly kind: SourceKind;
  readonly persist: boolean;
  readonly live: boolean;
}

/** A swap device or file. */
export interface SwapDeclared extends Common {
  readonly fun: 'swap';
  readonly device: string;
  readonly isFile: boolean;
  readonly persist: boolean;
  readonly priority: number | null;
}

/** What a state of this kind declares. */
export type MountDeclared = MountedDeclared | UnmountedDeclared | SwapDeclared;

/** Whether the running system lives there: such a place is never unmounted. */
export function isSystem(point: string): boolean {
  return /^\/$|^\/(boot|boot\/efi|usr|var|etc|lib|run|proc|sys|dev)$/.test(point);
}

/** What a mount is called: its place, or the device where it has none. */
export function placeOf({ point, device }: { readonly point: string; readonly device: string }): string {
  return point.startsWith('/') ? point : device;
}
