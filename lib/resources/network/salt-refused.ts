import type { JsonObject } from '../../model/json.ts';
import type { Complaint } from '../../model/resource.ts';
import { isOn } from './salt-words.ts';

/** An argument of Salt's `network.managed` whose effect slab does not have, and what to do instead. */
interface Refusal {
  readonly summary: string;
  readonly fix: string;
  /** Whether a value asks for nothing beyond what slab does anyway. */
  readonly isMet?: (value: unknown) => boolean;
  /** What it may say: the words of the argument's description. */
  readonly only?: string;
}

const onOnly = { isMet: (value: unknown) => isOn(value) === true, only: 'only on' };
const offOnly = { isMet: (value: unknown) => isOn(value) === false, only: 'only off' };
const leaveOut = 'leave it out';

const delay: Refusal = {
  ...{ isMet: (value: unknown) => Number(value) === 0, only: 'only 0' },
  summary: 'a bond of slab uses a link as soon as it is seen to be up',
  fix: 'leave it out, or raise miimon',
};
const byArp: Refusal = {
  summary: 'slab watches the members of a bond by their links, not by ARP',
  fix: 'leave it out, and give it miimon',
};
const ofBond: Refusal = { summary: 'slab does not set this of a bond', fix: leaveOut };
const ofBridge: Refusal = { summary: 'slab does not set this of a bridge', fix: leaveOut };
const speed: Refusal = {
  summary: 'slab leaves speed and duplex to the card and the switch',
  fix: 'leave autoneg, speed and duplex out',
};
const mac: Refusal = {
  summary: 'slab gives a card no other MAC address',
  fix: 'leave it out; to find the card by it declare a network.interface with "match: {mac: …}"',
};
const commands: Refusal = {
  summary: 'slab runs no commands when an interface comes up or goes',
  fix: 'declare what they bring about: network.route, network.rule, network.ethtool, sysctl.present',
};

/** What Salt's debian_ip and rh_ip take and slab does not do, by argument. */
const refusals: Readonly<Record<string, Refusal>> = {
  onboot: {
    ...onOnly,
    summary: 'what slab declares is so after each boot',
    fix: 'leave it out, or say "enabled: False"',
  },
  userctl: { ...offOnly, summary: 'slab lets no user take an interface up or down', fix: leaveOut },
  noifupdown: {
    ...offOnly,
    summary: 'slab brings about what runs as well as what is stored',
    fix: 'leave it out: what slab is logged in through is only tried, and the host takes it back unless a new login confirms it',
  },
  bypassfirewall: {
    ...offOnly,
    summary: 'slab changes nothing of netfilter along with a bridge',
    fix: 'leave it out; where br_netfilter is loaded declare sysctl.present for net.bridge.bridge-nf-call-iptables, -ip6tables and -arptables',
  },
  max_bonds: {
    ...{ isMet: (value: unknown) => Number(value) === 1, only: 'only 1' },
    summary: 'slab makes each bond by itself',
    fix: leaveOut,
  },
  use_carrier: { ...onOnly, summary: 'slab has the kernel look at the carrier of links', fix: leaveOut },
  updelay: delay,
  downdelay: delay,
  arp_interval: { ...byArp, isMet: (value: unknown) => Number(value) === 0, only: 'only 0' },
  arp_ip_target: byArp,
  primary: ofBond,
  primary_reselect: ofBond,
  fail_over_mac: ofBond,
  ad_select: ofBond,
  ageing: ofBridge,
  bridgeprio: ofBridge,
  hello: ofBridge,
  maxage: ofBridge,
  maxwait: ofBridge,
  pathcost: ofBridge,
  portprio: ofBridge,
  autoneg: { ...onOnly, ...speed },
  speed,
  duplex: speed,
  hwaddr: mac,
  macaddr: mac,
  pre_up_cmds: commands,
  up_cmds: commands,
  post_up_cmds: commands,
  pre_down_cmds: commands,
  down_cmds: commands,
  post_down_cmds: commands,
};

/** Their schemas: any value, judged by `refusedArguments`, which says more than a schema can. */
export const refusedSchemas: Readonly<Record<string, JsonObject>> = Object.fromEntries(
  Object.entries(refusals).map(([name, { only }]) => [
    name,
    { description: only === undefined ? 'slab has no such: an error that says what to do instead' : only },
  ]),
);

/** What is asked for that slab does not do, each with what to do instead. */
export function refusedArguments(args: Readonly<Record<string, unknown>>): readonly Complaint[] {
  return Object.entries(refusals).flatMap(([name, { summary, fix, isMet }]) =>
    args[name] === undefined || isMet?.(args[name]) === true ? [] : [{ at: [name], summary, fix }],
  );
}
