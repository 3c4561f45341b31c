/**
 * How long a plan takes for a network of 100 interfaces, 500 routes and a ruleset of 2,000 lines once the host has answered:
 * read, compare, and show how the ruleset differs.
 * Run with: node --import=tsx test/bench/network.ts
 */
import { compareNetwork } from '../../lib/network/compare.ts';
import type { Desired } from '../../lib/network/desired.ts';
import { sectionsOf } from '../../lib/network/sections.ts';
import { diffText } from '../../lib/plan/text-diff.ts';
import { kinds } from '../../lib/resources/index.ts';
import { readHost } from '../../lib/network/read-host.ts';

const LINKS = 100;
const ROUTES = 500;
const RULES = 2000;
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

/** A table as nft lists it, with every hundredth rule as somebody has changed it. */
const ruleset = (changed: string) => [
  ...['table inet slab {', '\tchain input {', '\t\ttype filter hook input priority filter; policy drop;'],
  ...range(RULES).map(
    (at) =>
      `\t\tip saddr 10.${at % 250}.${Math.floor(at / 250)}.0/24 tcp dport ${at % 100 === 0 ? changed : at + 1} accept`,
  ),
  ...['\t}', '}'],
];
const firewall = kinds.get('nftables');
const declaredRules = {
  ...{ kind: 'nftables', objects: [], needs: [], alwaysRuns: false },
  value: { family: 'inet', table: 'slab', text: ruleset('22').join('\n'), keepSsh: true, keepSets: [] },
};
const rulesAnswer = {
  ...{ name: 'nftables', code: 0, stderr: '', durationMs: 0 },
  stdout: new TextEncoder().encode(
    [
      ...['nft\tyes', 'manager\tsystemd', 'table\tinet\tslab'],
      ...ruleset('22').map((line) => `want\t${line}`),
      ...ruleset('23').map((line) => `have\t${line}`),
    ].join('\n'),
  ),
};
/** The same network where netplan has been told all of it: of each interface and each route by a file of slab's. */
const byNetplan = (): string => {
  const empty = `${answer}\n@@ netplan\n@@ file /etc/netplan/50-installer.yaml\n=network: {version: 2, ethernets: {eth0: {}}}`;
  const host = readHost(sectionsOf(empty));
  const stored = host === undefined ? [] : compareNetwork(all, host).flatMap(({ files }) => files);
  const told = stored.flatMap(({ path, want }) => [
    `@@ file ${path}`,
    ...(want ?? '').split('\n').map((line) => `=${line}`),
  ]);
  if (stored.length !== LINKS + ROUTES) throw new Error('the bench has not told netplan of all');
  return [empty, ...told].join('\n');
};
const netplanAnswer = byNetplan();
const nothingElse = { predicted: () => undefined, earlier: [] };

/** Milliseconds of processor time. */
const timeOf = (does: () => void): number => {
  const began = process.cpuUsage();
  does();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
};
const compares = (text: string, filesDiffer: boolean): void => {
  const host = readHost(sectionsOf(text));
  const compared = host === undefined ? [] : compareNetwork(all, host);
  const running = compared.flatMap(({ differences, problems }) => [...differences, ...problems]);
  const differ = compared.filter(({ files }) => files.some(({ have, want }) => have !== want));
  if (
    compared.length !== LINKS + ROUTES ||
    running.length > 0 ||
    differ.length !== (filesDiffer ? compared.length : 0)
  )
    throw new Error('the bench compares nothing');
};
const networkd = (): void => {
  compares(answer, true);
  const [seen = null] = firewall?.observe(rulesAnswer, [declaredRules]) ?? [];
  const [rules] = firewall?.diff(declaredRules, seen, nothingElse).changes ?? [];
  const hunks = rules?.text === undefined ? [] : diffText(rules.text, () => false);
  if (hunks.length !== RULES / 100) throw new Error('the bench compares no rules');
};
const measure = (what: string, does: () => void): void => {
  const first = timeOf(does);
  const times = range(9)
    .map(() => timeOf(does))
    .sort((one, other) => one - other);
  console.log(
    `${what}: ${first.toFixed(0)} ms the first time, ${(times[4] ?? 0).toFixed(0)} ms then, of processor time`,
  );
};
measure(`${LINKS} interfaces, ${ROUTES} routes, ${RULES} rules`, networkd);
measure(`the same by ${LINKS + ROUTES} files of netplan, without the rules`, () =>
  compares(netplanAnswer, false),
);
