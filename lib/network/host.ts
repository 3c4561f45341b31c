import type { Ifupdown } from './read-ifupdown.ts';
import type { Netplan } from './read-netplan.ts';

/** An address of an interface that is not of its link alone. */
export interface HostAddress {
  /** With the length of its network. */
  readonly address: string;
  /** From DHCP or a router: it comes and goes. */
  readonly dynamic: boolean;
}

/** One interface as the kernel, and networkd, have it. */
export interface HostLink {
  readonly name: string;
  readonly index: number;
  /** What it is when it is no card: `vlan`, `bridge`, `bond`, `veth`; empty for a card. */
  readonly kind: string;
  readonly mac: string;
  /** The one it was made with, where that differs. */
  readonly permanentMac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly carrier: boolean;
  /** What it is a part of. */
  readonly master: string;
  /** What it is on top of. */
  readonly parent: string;
  /** Settings of its kind, as `ip -j -d link` names them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly addresses: readonly HostAddress[];
  /** Where it is plugged in. */
  readonly path: string;
  /** The file that networkd takes for it; empty: none. */
  readonly file: string;
  readonly dns: readonly string[];
  readonly domains: readonly string[];
}

/** A route as the kernel has it. */
export interface HostRoute {
  readonly to: string;
  readonly via: string;
  readonly device: string;
  readonly table: number;
  readonly metric: number;
  /** Who made it, as a number of rt_protos: 3 is somebody by hand, 4 networkd. */
  readonly protocol: number;
}

/** A rule of policy routing as the kernel has it. */
export interface HostRule {
  readonly priority: number;
  readonly from: string;
  readonly to: string;
  readonly iif: string;
  readonly oif: string;
  readonly mark: number;
  readonly table: number;
  readonly family: 4 | 6;
}

/** The whole network of a host. */
export interface HostNetwork {
  readonly links: readonly HostLink[];
  readonly routes: readonly HostRoute[];
  readonly rules: readonly HostRule[];
  readonly networkd: boolean;
  /** Programs that look after an interface besides networkd, by interface. */
  readonly owners: ReadonlyMap<string, string>;
  /** Text of the files of networkd, netplan and ifupdown, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly netplan: Netplan;
  readonly ifupdown: Ifupdown;
  /** Our own login: the host's end of it; null for none over SSH; undefined when it cannot be told. */
  readonly server: string | null | undefined;
  /** The interface that the way back to us leads through. */
  readonly wayBack: string;
  /** The type of the file system that /etc is on; empty when it cannot be told. */
  readonly etc: string;
  /** The card that the host has booted over; empty: none that is known. */
  readonly bootCard: string;
  /** What the root file system comes over: its type, and the interface ("*" for any). */
  readonly root: { readonly type: string; readonly device: string } | undefined;
}

/** That what is written to /etc goes with the next boot, in words; undefined when it stays. */
export function forgets({ etc }: HostNetwork): string | undefined {
  if (/^(tmpfs|ramfs|rootfs|squashfs)$/.test(etc))
    return `applies until reboot: /etc is in memory (${etc}), and the image has to say the same`;
  return etc === 'overlay'
    ? 'applies until reboot, unless the upper layer of / is on a disk: the image has to say the same'
    : undefined;
}

/** Routes that programs make which come and go: nobody else's to compare or to take away. */
export function isVolatile({ protocol }: HostRoute): boolean {
  return protocol !== 3 && protocol !== 4;
}
