import { vlanWords } from './compare-layers.ts';
import type { Comparison } from './comparison.ts';
import type { DesiredLink } from './desired.ts';
import type { HostLink, HostNetwork } from './host.ts';
import type { Ifupdown, Stanza } from './read-ifupdown.ts';

/** An option of a stanza; without a value it is left out. */
export type Line = readonly [key: string, value: string | number | undefined];

/**
 * What makes an interface that is no card, in ifupdown's words: of its first stanza, when it comes up, and of its last one, when
 * it goes down. Bridges and bonds are made by what bridge-utils and ifenslave run in if-pre-up.d (tried with those of Debian
 * 12); a VLAN called PARENT.NUMBER by ifupdown itself, any other by commands. @param joined the devices it is made of
 */
export function layerLines(
  { name, vlan, bridge, bond }: DesiredLink,
  joined: readonly string[],
): { readonly first: readonly Line[]; readonly last: readonly Line[] } {
  if (vlan !== undefined) {
    const [parent = vlan.parent] = joined;
    if (name.includes('.')) return { first: [], last: [] };
    const make = `ip link add link ${parent} name $IFACE type vlan id ${vlan.id}`;
    return {
      first: [
        ['pre-up', `ip link set dev ${parent} up`],
        ['pre-up', `[ -e /sys/class/net/$IFACE ] || ${make}`],
      ],
      last: [['post-down', 'ip link del dev $IFACE']],
    };
  }
  const names = joined.join(' ') || 'none';
  if (bridge !== undefined)
    return {
      first: [
        ['bridge_ports', names],
        ['bridge_stp', bridge.stp ? 'on' : 'off'],
        ['bridge_fd', bridge.forwardDelay],
        // What comes up after it does not wait until ports forward.
        ['bridge_maxwait', 0],
        ['up', bridge.vlanFiltering ? FILTERS : undefined],
      ],
      last: [],
    };
  if (bond === undefined) return { first: [], last: [] };
  const { mode, lacpRate, hash, miimon, minLinks } = bond;
  return {
    first: [
      ...([
        ['bond-slaves', names],
        ['bond-mode', mode],
        ['bond-miimon', miimon],
        ['bond-lacp-rate', lacpRate],
        ['bond-xmit-hash-policy', hash],
      ] as const),
      // ifenslave has no word for it.
      [
        'up',
        minLinks === undefined ? undefined : `echo ${minLinks} >/sys/class/net/$IFACE/bonding/min_links`,
      ],
    ],
    last: [],
  };
}

const FILTERS = 'ip link set dev $IFACE type bridge vlan_filtering 1';

/** Why ifupdown cannot make an interface that is no card. @param joined the devices it is made of */
export function beyondIfupdown(
  { kind, name, vlan, bond, bridge, up }: DesiredLink,
  joined: readonly string[],
  { hooks }: Ifupdown,
): readonly string[] {
  if (kind === 'interface') return [];
  const lacks = (hook: string, pkg: string) =>
    hooks.has(hook)
      ? []
      : [`ifupdown makes no ${kind} on this host: install ${pkg} first (pkg.installed: ${pkg})`];
  const [parent = ''] = joined;
  return [
    ...(bridge === undefined ? [] : lacks('bridge', 'bridge-utils')),
    ...(bond === undefined ? [] : lacks('ifenslave', 'ifenslave')),
    ...(vlan !== undefined && name.includes('.') && name !== `${parent}.${vlan.id}`
      ? [
          `ifupdown reads parent and number of a VLAN out of a name with a dot: call ${name} ${parent}.${vlan.id}, or leave the dot out`,
        ]
      : []),
    ...(up
      ? []
      : [
          `ifupdown makes the ${kind} ${name} when it brings it up: leave "up: false" out, or network.absent it`,
        ]),
  ];
}

/** What stanzas join to an interface; undefined: it cannot be told, as they name patterns. */
export function membersIn(stanzas: readonly Stanza[]): readonly string[] | undefined {
  const words = stanzas
    .flatMap(({ options }) => options.filter(([key]) => MEMBERS.has(plain(key))))
    .flatMap(([, value]) => value.split(/\s+/))
    .filter((word) => word !== 'none' && word !== '');
  return words.some((word) => /^(all|regex|noregex)$/.test(word)) ? undefined : words;
}

const MEMBERS: ReadonlySet<string> = new Set(['bridge-ports', 'bond-slaves', 'slaves']);

function plain(key: string): string {
  return key.replaceAll('_', '-');
}

/** Whether stanzas make what is declared of the layers; what is not declared may be anything. */
export function meansLayersOnIfupdown(
  stanzas: readonly Stanza[],
  desired: DesiredLink,
  joined: readonly string[],
  { stanzas: all }: Ifupdown,
): boolean {
  const { name, vlan, bridge, bond } = desired;
  const word = (key: string) =>
    stanzas.flatMap(({ options }) => options.filter(([each]) => plain(each) === key)).at(-1)?.[1];
  const commands = stanzas.flatMap(({ options }) =>
    options.filter(([key]) => key === 'pre-up' || key === 'up').map(([, value]) => value),
  );
  if (vlan !== undefined) {
    const [parent = vlan.parent] = joined;
    const raw = word('vlan-raw-device') ?? /^(.*)\.\d+$/.exec(name)?.[1];
    const id = /^(?:vlan|.*\.)0*(\d+)$/.exec(name)?.[1];
    const made = commands.some((each) =>
      new RegExp(`ip link add link ${parent} name (?:\\$IFACE|${name}) type vlan id ${vlan.id}$`).test(each),
    );
    return made || (raw === parent && id === String(vlan.id));
  }
  const said = membersIn(stanzas);
  if (said === undefined) return false;
  const slaves = [...all].flatMap(([device, its]) =>
    its.some(({ options }) => options.some(([key, value]) => plain(key) === 'bond-master' && value === name))
      ? [device]
      : [],
  );
  const members = new Set([...said, ...(bond === undefined ? [] : slaves)]);
  const same =
    joined.every((each) => members.has(each)) && [...members].every((each) => joined.includes(each));
  if (bridge !== undefined) {
    const filters = /^yes$/.test(word('bridge-vlan-aware') ?? '') || commands.includes(FILTERS);
    return (
      same &&
      word('bridge-ports') !== undefined &&
      /^(on|yes|1|true)$/.test(word('bridge-stp') ?? 'off') === bridge.stp &&
      filters === bridge.vlanFiltering &&
      (bridge.forwardDelay === undefined || Number(word('bridge-fd')) === bridge.forwardDelay)
    );
  }
  if (bond === undefined) return true;
  const is = (key: string, value: string | number | undefined, numbers: readonly string[] = []) =>
    value === undefined || (numbers[Number(word(key))] ?? word(key)) === String(value);
  const links = commands
    .flatMap((each) => /^echo (\d+) >\S*\/bonding\/min_links$/.exec(each)?.[1] ?? [])
    .at(-1);
  return (
    same &&
    is('bond-mode', bond.mode, MODES) &&
    is('bond-miimon', bond.miimon) &&
    is('bond-lacp-rate', bond.lacpRate, ['slow', 'fast']) &&
    is('bond-xmit-hash-policy', bond.hash) &&
    (bond.minLinks === undefined || links === String(bond.minLinks))
  );
}

/** As the kernel numbers them: Documentation/networking/bonding.rst. */
const MODES = [
  ...['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb'],
];

/** What stands on a device, and on that: VLANs and the like, by name. */
export function aboveOnIfupdown(device: string, links: readonly HostLink[]): readonly string[] {
  return links
    .filter(({ name, parent }) => parent === device && name !== device)
    .flatMap(({ name }) => [name, ...aboveOnIfupdown(name, links)]);
}

/**
 * How ifupdown brings about what differs of an interface: a bridge stays with all that is joined to it, and so does a bond
 * whose settings are right; a VLAN goes down with its device.
 */
export function broughtByIfupdown(
  { kind, name, vlan }: DesiredLink,
  { seen, recreated }: { readonly seen: HostLink | undefined; readonly recreated: boolean },
  { links, ifupdown }: HostNetwork,
): Pick<Comparison, 'layer' | 'refusals' | 'remadeBefore'> {
  if (kind === 'interface') return { layer: 'none', refusals: [], remadeBefore: [] };
  const isKept = seen !== undefined && (kind === 'bridge' || (kind === 'bond' && !recreated));
  if (isKept || seen === undefined)
    return { layer: isKept ? 'kept' : 'made', refusals: [], remadeBefore: [] };
  const unknown = (device: string) => !ifupdown.stanzas.has(device);
  return {
    layer: 'made',
    refusals: [
      ...(kind === 'bond' && unknown(name)
        ? [`${name} is made anew, and nothing in ifupdown's files could take that back: take it away first`]
        : []),
      ...aboveOnIfupdown(name, links)
        .filter(unknown)
        .map(
          (each) =>
            `${each} is on top of ${name}, which is made anew, and ifupdown does not know it: take it away first`,
        ),
    ],
    remadeBefore: vlan === undefined ? [] : vlanWords(name, seen.parent, Number(seen.settings['id'])),
  };
}
