/**
 * How long a plan takes for a network of 100 interfaces and 500 routes once the host has answered: read and compare.
 * Run with: node --import=tsx test/bench/network.ts
 */
import { compareNetwork } from '../../lib/network/compare.ts';
import type { Desired } from '../../lib/network/desired.ts';
import { sectionsOf } from '../../lib/network/sections.ts';
import { readHost } from '../../lib/network/read-host.ts';

const LINKS = 100;
const ROUTES = 500;
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

const links = range(LINKS).map((at) => ({
  ...{ ifindex: at + 2, ifname: `eth${at}`, flags: ['UP', 'LOWER_UP'], mtu: 1500 },
  address: `02:00:00:00:00:${at.toString(16).padStart(2, '0')}`,
}));
const addresses = range(LINKS).map((at) => ({
  ifname: `eth${at}`,
  addr_info: [{ family: 'inet', local: `10.${at}.0.1`, prefixlen: 24, scope: 'global' }],
}));
const routes = range(ROUTES).map((at) => ({
  ...{ dst: `172.16.${at % 250}.${Math.floor(at / 250) * 128}/25`, gateway: `10.${at % LINKS}.0.254` },
  ...{ dev: `eth${at % LINKS}`, table: '254', protocol: '4' },
}));
const answer = [
  ...['@@ link 0', `=${JSON.stringify(links)}`, '@@ addr 0', `=${JSON.stringify(addresses)}`],
  ...['@@ route4 0', `=${JSON.stringify(routes)}`, '@@ networkd 0', '=active', '@@ login', '=none none'],
].join('\n');

const all: readonly Desired[] = [
  ...range(LINKS).map((at): Desired => ({
    ...{ is: 'link', kind: 'interface', name: `eth${at}`, match: undefined, addresses: [`10.${at}.0.1/24`] },
    ...{ gateways: [], mtu: 1500, dhcp: 'no', acceptRa: false, dns: [], domains: [], up: true },
    ...{ checkDuplicate: true, peers: [], reachedAt: undefined },
  })),
  ...range(ROUTES).map((at): Desired => ({
    ...{
      is: 'route',
      to: routes[at]?.dst ?? '',
      via: `10.${at % LINKS}.0.254`,
      device: undefined,
      table: 254,
    },
    ...{ metric: undefined, source: undefined, onlink: false },
  })),
];

const once = (): number => {
  const began = process.cpuUsage();
  const host = readHost(sectionsOf(answer));
  const compared = host === undefined ? [] : compareNetwork(all, host);
  const running = compared.flatMap(({ differences, problems }) => [...differences, ...problems]);
  if (compared.length !== LINKS + ROUTES || running.length > 0) throw new Error('the bench compares nothing');
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
};
const first = once();
const times = range(9)
  .map(once)
  .sort((one, other) => one - other);
console.log(
  `${LINKS} interfaces, ${ROUTES} routes: ${first.toFixed(0)} ms the first time, ${(times[4] ?? 0).toFixed(0)} ms then, of processor time`,
);
