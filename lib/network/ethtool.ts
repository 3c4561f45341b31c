import type { Compared } from './comparison.ts';
import type { HostNetwork } from './host.ts';
import { accessThrough, rootOver } from './management.ts';

/** The parts of a card's settings, with the letters by which ethtool(8) shows and sets them. */
export const ETHTOOL_PARTS = {
  ring: { shows: '-g', sets: '-G', words: 'ring sizes' },
  channels: { shows: '-l', sets: '-L', words: 'channels' },
  coalesce: { shows: '-c', sets: '-C', words: 'settings of interrupts' },
  offload: { shows: '-k', sets: '-K', words: 'offloads' },
} as const;

/** The settings of a part that are the same for all drivers and are numbers, as ethtool(8) takes them; the other parts have many more. */
export const KNOWN_SETTINGS: Readonly<Partial<Record<EthtoolPart, readonly string[]>>> = {
  ring: ['rx', 'rx-mini', 'rx-jumbo', 'tx', 'rx-buf-len', 'cqe-size', 'tx-push-buf-len', 'hds-thresh'],
  channels: ['rx', 'tx', 'other', 'combined'],
};

export type EthtoolPart = keyof typeof ETHTOOL_PARTS;

/** One setting of a card: a number, or on and off. */
export type CardSetting = {
  readonly part: EthtoolPart;
  /** As ethtool takes it: `rx`, `rx-usecs`, `gro`. */
  readonly name: string;
  readonly value: string;
};

/** Settings of a card's driver as they shall be. */
export interface DesiredCard {
  readonly is: 'ethtool';
  readonly device: string;
  readonly settings: readonly CardSetting[];
}

/** One setting as the driver has it. */
export interface SeenSetting {
  /** Undefined: this driver has no such. */
  readonly value: string | undefined;
  readonly most: number | undefined;
  /** The driver never changes it. */
  readonly fixed: boolean;
}

/** What the host says of one card. */
export interface HostCard {
  readonly driver: string;
  /** Settings by part and name; a part that is missing is one that the driver does not have. */
  readonly parts: ReadonlyMap<EthtoolPart, ReadonlyMap<string, SeenSetting>>;
  /** The file that sets them at boot; null: there is none. */
  readonly stored: string | null;
}

/** What is declared of a card's settings, against the host. */
export type CardComparison = Compared & {
  /** Settings to be made, and the same as they are now. */
  readonly sets: readonly CardSetting[];
  readonly before: readonly CardSetting[];
};

/** Settings of a card as they shall be, against the host. @param card undefined: there is no ethtool. */
export function compareCard(
  desired: DesiredCard,
  card: HostCard | undefined,
  host: HostNetwork,
): CardComparison {
  const { device, settings } = desired;
  const wanted = settings.map((setting) => ({ setting, ...judge(setting, card, device) }));
  const possible = wanted.filter(({ refused }) => refused === undefined);
  const want = ruleText(
    device,
    possible.map(({ setting }) => setting),
  );
  const differing = possible.filter(({ setting, now }) => now !== setting.value);
  return {
    notes: [],
    problems: host.links.some(({ name }) => name === device)
      ? card === undefined
        ? ['there is no ethtool on this host: install it first (pkg.installed: ethtool)']
        : []
      : [`there is no interface ${device} on this host`],
    refusals: [rootOver(device, host)].filter((each) => each !== undefined),
    shortfalls: wanted.flatMap(({ refused }) => refused ?? []),
    access: accessThrough(device, host) ?? '',
    differences: differing.map(({ setting: { part, name, value }, now = '' }) => ({
      ...{ field: `${part} ${name}`, action: 'update', before: plain(now), after: plain(value) },
    })),
    sets: differing.map(({ setting }) => setting),
    before: differing.map(({ setting, now = '' }) => ({ ...setting, value: now })),
    files: possible.length === 0 ? [] : [{ path: ruleFileOf(device), have: card?.stored ?? null, want }],
  };
}

/** A setting as it is, and why the driver cannot have it as it shall be. */
function judge(
  { part, name, value }: CardSetting,
  card: HostCard | undefined,
  device: string,
): { readonly now?: string; readonly refused?: string } {
  const driver = `the driver of ${device} (${card?.driver ?? ''})`;
  const seen = card?.parts.get(part);
  if (seen === undefined) return { refused: `${driver} has no ${ETHTOOL_PARTS[part].words}` };
  const found = seen.get(name);
  if (found?.value === undefined) {
    const others = [...seen].flatMap(([other, { value: has }]) => (has === undefined ? [] : [other]));
    return { refused: `${driver} has no ${part} ${name}; it has ${others.join(', ') || 'none'}` };
  }
  if (found.value === value) return { now: found.value };
  if (found.fixed) return { refused: `${driver} has ${part} ${name} ${found.value}, and never changes it` };
  if (found.most !== undefined && Number(value) > found.most)
    return { refused: `${driver} has at most ${found.most} as ${part} ${name}, not ${value}` };
  return { now: found.value };
}

function plain(value: string): string | number {
  return /^\d+$/.test(value) ? Number(value) : value;
}

/** The file of udev that sets them again when the card appears. */
export function ruleFileOf(device: string): string {
  return `/etc/udev/rules.d/90-slab-ethtool-${device}.rules`;
}

/** A rule rather than a .link file: of those only the first that fits counts, which would hide the one that names cards. */
function ruleText(device: string, settings: readonly CardSetting[]): string {
  const runs = wordsOf(settings).map(
    ({ sets, words }) =>
      `ACTION=="add|move", SUBSYSTEM=="net", KERNEL=="${device}", RUN+="/usr/sbin/ethtool ${sets} ${device} ${words.join(' ')}"`,
  );
  return `# Written by slab: network.ethtool ${device} is declared, and what is changed here is changed back.\n${runs.join('\n')}\n`;
}

/** Settings as ethtool's arguments, one call for each part. */
export function wordsOf(
  settings: readonly CardSetting[],
): readonly { readonly shows: string; readonly sets: string; readonly words: readonly string[] }[] {
  return (Object.keys(ETHTOOL_PARTS) as readonly EthtoolPart[]).flatMap((part) => {
    const words = settings.filter((each) => each.part === part).flatMap(({ name, value }) => [name, value]);
    return words.length === 0 ? [] : [{ ...ETHTOOL_PARTS[part], words }];
  });
}

/** Short names of ethtool for features that it prints with long ones. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['rx-checksumming', 'rx'],
  ['tx-checksumming', 'tx'],
  ['scatter-gather', 'sg'],
  ['tcp-segmentation-offload', 'tso'],
  ['generic-segmentation-offload', 'gso'],
  ['generic-receive-offload', 'gro'],
  ['large-receive-offload', 'lro'],
  ['rx-vlan-offload', 'rxvlan'],
  ['tx-vlan-offload', 'txvlan'],
  ['ntuple-filters', 'ntuple'],
  ['receive-hashing', 'rxhash'],
]);

/** The name that ethtool takes for a feature. */
export function shortName(feature: string): string {
  return SHORT.get(feature) ?? feature;
}

/** Reads what `ethtool -g`, `-l`, `-c` or `-k` printed. */
export function readCardPart(part: EthtoolPart, lines: readonly string[]): ReadonlyMap<string, SeenSetting> {
  const seen = new Map<string, SeenSetting>();
  let maximums = false;
  for (const line of lines) {
    if (/maximums:$/.test(line)) maximums = true;
    if (/^Current /.test(line)) maximums = false;
    const adaptive = /^Adaptive RX: (\S+)\s+TX: (\S+)/.exec(line);
    if (adaptive !== null) {
      seen.set('adaptive-rx', settingOf(adaptive[1]));
      seen.set('adaptive-tx', settingOf(adaptive[2]));
      continue;
    }
    const [, label = '', value, fixed] = /^\s*([A-Za-z0-9 _-]+):\s+(\S+)(?:\s+(\[fixed\]))?/.exec(line) ?? [];
    if (value === undefined) continue;
    const name = part === 'offload' ? shortName(label) : label.toLowerCase().replaceAll(' ', '-');
    if (maximums) seen.set(name, { value: undefined, most: numberOf(value), fixed: false });
    else seen.set(name, { ...settingOf(value), most: seen.get(name)?.most, fixed: fixed !== undefined });
  }
  return seen;
}

function settingOf(value = 'n/a'): SeenSetting {
  return { value: value === 'n/a' ? undefined : value, most: undefined, fixed: false };
}

function numberOf(value: string): number | undefined {
  return /^\d+$/.test(value) ? Number(value) : undefined;
}
