import {
  deepenDevices,
  observeDevicesDeeper,
  type DeviceWish,
  type StorageObserved,
} from '../../disks/device-looks.ts';
import type { HostFacts } from '../../disks/facts.ts';
import type { SectionResult } from '../../model/script.ts';
import type { Look } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import type { MountDeclared } from './declared.ts';
import { isDeclared, mountedAt } from './live.ts';
import { compareOptions } from './options.ts';

const look = scriptFile(import.meta.url, './look.sh');

/** A place where something shall be mounted. */
export type Place =
  | { readonly is: 'absent' | 'file' }
  | { readonly is: 'link'; readonly to: string }
  | { readonly is: 'folder'; readonly entries: number; readonly some: string };

/** What was seen for one state. */
export type MountObserved = StorageObserved & {
  /** Absent: not looked at. */
  readonly place?: Place;
  /** Text of a file other than /etc/fstab; null when there is none. */
  readonly config?: string | null;
  readonly swapFile?: { readonly type: string; readonly mode: string } | null;
  /** Where the path of what is bound, or of an image, leads. */
  readonly source?: string;
  /** All options of an ext file system that is mounted, those that mountinfo leaves out as well. */
  readonly allOptions?: readonly string[];
  /** Why a closer look gave no answer. */
  readonly lookFailed?: string;
};

/** A swap device is made where it is blank. */
export function wishesOf(declared: MountDeclared): readonly DeviceWish[] {
  return declared.fun === 'swap' && !declared.isFile
    ? [{ name: declared.device, wanted: 'swap', least: 1 << 20, records: declared.records }]
    : [];
}

interface Asked extends Look {
  readonly at: number;
}

/** Places where nothing is mounted yet, files beside /etc/fstab, swap files. */
function placeLooks(
  declared: readonly MountDeclared[],
  observed: readonly MountObserved[],
): readonly Asked[] {
  return declared.flatMap((each, at) => {
    const seen = observed[at];
    if (seen?.facts.read !== true) return [];
    const facts = seen.facts.value;
    const point =
      each.fun === 'mounted' && each.live && mountedAt(facts, each.point) === undefined ? each.point : '';
    const config = each.config === '/etc/fstab' ? '' : each.config;
    const swap = each.fun === 'swap' && each.isFile ? each.device : '';
    const source = linkOf(each, facts);
    const ext = extOf(each, facts);
    const [what] = [point, swap, config, source, ext].filter((path) => path !== '');
    return what === undefined
      ? []
      : [{ at, title: `${what}: what is there?`, script: look([point, config, swap, source, ext]) }];
  });
}

/** A path that is mounted, where something is and it is not that: symbolic links may lead there. */
function linkOf(declared: MountDeclared, facts: HostFacts): string {
  if (declared.fun !== 'mounted' || !declared.live || declared.kind === 'block') return '';
  const { device, point } = declared;
  const top = device.startsWith('/') ? mountedAt(facts, point) : undefined;
  return top === undefined || isDeclared(declared, top, facts) ? '' : device;
}

/** What the kernel calls the device of an ext file system of which mountinfo does not say all that is declared. */
function extOf(declared: MountDeclared, facts: HostFacts): string {
  if (declared.fun !== 'mounted' || !declared.live || declared.kind === 'bind') return '';
  const top = mountedAt(facts, declared.point);
  if (top === undefined || !/^ext[234]$/.test(top.type) || !isDeclared(declared, top, facts)) return '';
  const { unseen } = compareOptions(declared.options, { ...top, isBind: false }, declared.rules);
  return unseen.length === 0 ? '' : (facts.blocks.find(({ number }) => number === top.number)?.name ?? '');
}

/** Closer looks; none for what is mounted and in /etc/fstab. */
export function deepenMounts(
  declared: readonly MountDeclared[],
  observed: readonly MountObserved[],
): readonly Look[] {
  return [...deepenDevices(declared, observed, wishesOf), ...placeLooks(declared, observed)];
}

/** Puts the answers of closer looks where they belong. */
export function observeMountsDeeper(
  results: readonly SectionResult[],
  declared: readonly MountDeclared[],
  observed: readonly MountObserved[],
): readonly MountObserved[] {
  const first = deepenDevices(declared, observed, wishesOf).length;
  const seen = observeDevicesDeeper(results.slice(0, first), declared, { observed, wishes: wishesOf });
  const asked = placeLooks(declared, observed);
  return seen.map((each, at) => {
    const index = asked.findIndex((look) => look.at === at);
    return index < 0 ? each : { ...each, ...readPlace(results[first + index]) };
  });
}

function readPlace(result: SectionResult | undefined): Partial<MountObserved> {
  const text = Buffer.from(result?.stdout ?? []).toString('utf8');
  if (result?.code !== 0 || !text.endsWith('slab-end\n'))
    return { lookFailed: `the place could not be looked at: ${result?.stderr.trim() ?? 'no answer'}` };
  const [head, length = '0'] = /^config ([0-9]+)\n/m.exec(text) ?? [];
  const bytes = Buffer.from(text);
  const start = head === undefined ? 0 : Buffer.byteLength(text.slice(0, text.indexOf(head) + head.length));
  const config = bytes.subarray(start, start + Number(length)).toString('utf8');
  // What the file says is nothing that was printed of the place.
  const said = bytes.toString('utf8', 0, start) + bytes.toString('utf8', start + Number(length));
  const place = readPoint(/^point (.*)$/m.exec(said)?.[1]);
  const [, type, mode] = /^swap file (\S*) ([0-7]+)$/m.exec(said) ?? [];
  const source = /^source (.+)$/m.exec(said)?.[1];
  const ext = /^ext4 (\S+)$/m.exec(said)?.[1];
  return {
    ...(place === undefined ? {} : { place }),
    ...(source === undefined ? {} : { source }),
    ...(ext === undefined ? {} : { allOptions: ext.split(',') }),
    ...(/^config /m.test(said) ? { config: head === undefined ? null : config } : {}),
    ...(/^swap /m.test(said)
      ? { swapFile: type === undefined || mode === undefined ? null : { type, mode } }
      : {}),
  };
}

function readPoint(words: string | undefined): Place | undefined {
  if (words === 'absent' || words === 'file') return { is: words };
  if (words?.startsWith('link ') === true) return { is: 'link', to: words.slice(5) };
  const [, entries, some = ''] = /^folder ([0-9]+)(.*)$/.exec(words ?? '') ?? [];
  return entries === undefined ? undefined : { is: 'folder', entries: Number(entries), some: some.trim() };
}
