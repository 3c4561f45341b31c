/** Which device of a host an interface is, when it is not called by its name; exactly one must fit. */
export interface Match {
  readonly mac?: string;
  /** Where it is plugged in, as udev has it: `pci-0000:41:00.0`. */
  readonly path?: string;
}

/** An interface as it shall be: running, and after the next boot. Addresses and networks are canonical. */
export interface DesiredLink {
  readonly is: 'link';
  readonly kind: 'interface' | 'vlan' | 'bridge' | 'bond';
  /** The device, or with `match` what slab calls it. */
  readonly name: string;
  readonly match: Match | undefined;
  /** All of them, with the lengths of their networks. */
  readonly addresses: readonly string[];
  /** At most one of each family. */
  readonly gateways: readonly string[];
  readonly mtu: number | undefined;
  readonly dhcp: 'no' | 'ipv4' | 'ipv6' | 'yes';
  readonly acceptRa: boolean;
  readonly dns: readonly string[];
  readonly domains: readonly string[];
  readonly up: boolean;
  /** A new address that somebody else already has is a failure. */
  readonly checkDuplicate: boolean;
  /** Must answer, at full MTU, before the change counts. */
  readonly peers: readonly string[];
  /** Where slab reaches the host once this is in force. */
  readonly reachedAt: string | undefined;
  /** The bond or bridge that it says it is part of, whose own declaration counts; for `conflicts.ts`. */
  readonly partOf?: string;
  readonly vlan?: { readonly parent: string; readonly id: number };
  readonly bridge?: DesiredBridge;
  readonly bond?: DesiredBond;
}

/** A bridge of its own: what is joined, and how. */
export interface DesiredBridge {
  readonly ports: readonly string[];
  readonly stp: boolean;
  /** In seconds; undefined leaves it to the kernel. */
  readonly forwardDelay: number | undefined;
  readonly vlanFiltering: boolean;
}

/** A bond: what is bundled, and how. Undefined leaves a setting to the kernel. */
export interface DesiredBond {
  readonly members: readonly string[];
  readonly mode: string;
  readonly lacpRate: string | undefined;
  readonly hash: string | undefined;
  /** In milliseconds. */
  readonly miimon: number | undefined;
  readonly minLinks: number | undefined;
  /** With LACP: the other side must answer before the change counts. */
  readonly requirePartner: boolean;
}

/** A route that shall be there. */
export interface DesiredRoute {
  readonly is: 'route';
  /** A network, `0.0.0.0/0` and `::/0` for the default route. */
  readonly to: string;
  readonly via: string | undefined;
  /** Undefined: the interface whose network `via` is in. */
  readonly device: string | undefined;
  readonly table: number;
  /** Undefined: whatever the kernel gives it. */
  readonly metric: number | undefined;
  readonly source: string | undefined;
  readonly onlink: boolean;
}

/** Several routes of one state. */
export interface DesiredRoutes {
  readonly is: 'routes';
  /** What they are called together: their interface. */
  readonly name: string;
  readonly routes: readonly DesiredRoute[];
}

/** A rule of policy routing that shall be there. */
export interface DesiredRule {
  readonly is: 'rule';
  readonly priority: number;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly iif: string | undefined;
  readonly oif: string | undefined;
  readonly mark: number | undefined;
  readonly table: number;
  /** The interface whose file holds it; undefined: one whose network `from` is in, or whose routes use the table. */
  readonly device: string | undefined;
}

/** An interface that slab shall no longer have: a VLAN, bridge or bond goes, a card is left to others. */
export interface DesiredAbsence {
  readonly is: 'absent';
  readonly name: string;
}

/** One thing of a host's network. */
export type Desired = DesiredLink | DesiredRoute | DesiredRoutes | DesiredRule | DesiredAbsence;

/** The number of a routing table by its name. */
export function tableNumber(table: string | number): number | undefined {
  if (typeof table === 'number') return table;
  const number = tables.get(table) ?? (/^\d+$/.test(table) ? Number(table) : NaN);
  return Number.isSafeInteger(number) && number > 0 && number < 2 ** 32 ? number : undefined;
}

const tables: ReadonlyMap<string, number> = new Map([
  ['default', 253],
  ['main', 254],
  ['local', 255],
]);

/** The usual table. */
export const MAIN_TABLE = 254;
