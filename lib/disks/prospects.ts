import type { Json, JsonObject } from '../model/json.ts';
import type { Prospect } from '../model/resource.ts';
import type { Block, HostFacts } from './facts.ts';
import { nameDevice, namesOf } from './named.ts';

/** What an earlier state of the same plan leaves of a block device. */
export interface Promised {
  readonly exists: boolean;
  /** `blank`, `pending` (own unfinished work), `unknown`, or as blkid calls it: `xfs`, `swap`, `LVM2_member` … */
  readonly content: string;
  /** Its size in bytes; absent when only the host will know. */
  readonly size?: number;
  /** Which state promises it. */
  readonly by: string;
  /** Under which key; absent while it is promised. */
  readonly key?: string;
}

/**
 * The predictions of a state that makes or changes a block device, under every name that is known for it: a later state
 * may use another one.
 */
export function promiseDevice(
  names: readonly string[],
  promised: Promised & { readonly label?: string; readonly uuid?: string },
): Readonly<Record<string, Json>> {
  const { exists, content, size, by, label = '', uuid = '' } = promised;
  const value: JsonObject = { exists, content, by, ...(size === undefined ? {} : { size }) };
  const all = [
    ...names.flatMap((name) => [name, ...otherNames(name)]),
    ...(label === '' ? [] : [`LABEL=${label}`]),
    ...(uuid === '' ? [] : [`UUID=${uuid}`]),
  ];
  return Object.fromEntries([...new Set(all)].map((name) => [`blockdev:${name}`, value]));
}

/** The names under which a state has to promise what it makes of a device that may be there: those given, and those it has. */
export function allNames(facts: HostFacts | undefined, name: string): readonly string[] {
  const named = facts === undefined ? undefined : nameDevice(facts, name);
  return named?.is === 'device' && facts !== undefined
    ? [...new Set([name, ...namesOf(facts, named.device.block)])]
    : [name];
}

/** What an earlier state promises of a device; undefined when none touches it. */
export function promisedDevice(
  prospect: Prospect,
  name: string,
  seen?: { readonly facts: HostFacts; readonly block: Block },
): Promised | undefined {
  const names = [name, ...otherNames(name), ...(seen === undefined ? [] : namesOf(seen.facts, seen.block))];
  for (const each of names) {
    const key = `blockdev:${each.replace(/="(.*)"$/, '=$1')}`;
    const value = prospect.predicted(key);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    const { exists, content, size, by } = value as Readonly<Record<string, Json>>;
    return {
      exists: exists !== false,
      content: typeof content === 'string' ? content : 'unknown',
      by: typeof by === 'string' ? by : 'an earlier state',
      key,
      ...(typeof size === 'number' ? { size } : {}),
    };
  }
  return undefined;
}

/** A logical volume has two names: `/dev/VG/LV`, and the mapper's with each hyphen of a name doubled. */
function otherNames(name: string): readonly string[] {
  const [, mapped] = /^\/dev\/mapper\/(.+)$/.exec(name) ?? [];
  const [, group = '', volume = ''] = /^((?:[^-]|--)+)-((?:[^-]|--)+)$/.exec(mapped ?? '') ?? [];
  if (group !== '') return [`/dev/${group.replaceAll('--', '-')}/${volume.replaceAll('--', '-')}`];
  const [, vg, lv] =
    /^\/dev\/(?!disk\/|mapper\/|md\/)([A-Za-z0-9_.+-]+)\/([A-Za-z0-9_.+-]+)$/.exec(name) ?? [];
  return vg === undefined || lv === undefined
    ? []
    : [`/dev/mapper/${vg.replaceAll('-', '--')}-${lv.replaceAll('-', '--')}`];
}

/**
 * The object that is a device itself: of what makes a volume, an array, a partition.
 * @public for kinds that make devices
 */
export function deviceKey(name: string): string {
  return `blockdev:${name}#device`;
}

/** The object that is what a device holds: of what formats it, or makes it a part of something. */
export function contentKey(name: string): string {
  return `blockdev:${name}#content`;
}

/** Objects that whoever writes to a device needs, under all its names. */
export function deviceKeys(name: string): readonly string[] {
  return [name, ...otherNames(name)].map(deviceKey);
}

/** Objects that whoever uses what a device holds needs, under all its names. */
export function contentKeys(name: string): readonly string[] {
  return [name, ...otherNames(name)].map(contentKey);
}
