import { join } from 'node:path';
import { innerAddress, type LabHost } from '../../lib/lab/host.ts';
import type { withSlab } from './slab.ts';

/** The state of an interface. @param lines its arguments, one a line. */
export const interfaceOf = (name: string, lines: string): string =>
  `${name}:\n  network.interface:\n    ${lines.replaceAll('\n', '\n    ')}\n`;

/** The states of a route in a table of its own, by the second card, and of a rule for it. */
export const ROUTE_AND_RULE = `
to-backup:
  network.route:
    - to: 10.50.0.0/16
    - via: 10.77.1.1
    - table: 130
vip-out:
  network.rule:
    - priority: 1000
    - from: 10.30.0.0/24
    - table: 130
    - device: eth1
`;

/** Gives networkd a moment now and then, in shell text: it has answered long before it does what it was asked. */
export const slowNetworkd = `systemd-run --quiet --collect --unit=slow sh -c '
pid=$(systemctl show -P MainPID systemd-networkd)
while kill -STOP $pid; do sleep 0.2; kill -CONT $pid; sleep 0.001; done'`;

/** No longer, and until it has done all that it was told. */
export const networkdAsItStays = `systemctl stop slow; systemctl kill --signal CONT systemd-networkd
for round in 1 2 3 4 5; do networkctl list >/dev/null; sleep 0.2; done`;

/**
 * The first of two hosts by its own address, reached through the other one, as behind a bastion.
 * @param within seconds until an apply that nobody confirms is taken back
 */
export function behindOther(hosts: ReturnType<typeof withSlab>, within: number) {
  const target = (): LabHost => hosts.hosts()[0] as LabHost;
  const address = () => innerAddress(target().number);
  const words = () => ['-t', target().name];
  /** @param at where it is reached; its host key is known at `later` as well. */
  const projectFor = (site: string, at = address(), later: readonly string[] = []) => {
    const [host, bastion] = hosts.hosts() as readonly [LabHost, LabHost];
    const defaults = hosts.lab.inventory().split('\nhosts:')[0] ?? '';
    const project = hosts.project({ files: { 'states/site.sls': site } });
    const known = join(project.directory, 'known_hosts');
    const own = `  ${bastion.name}: {address: ${bastion.address}, port: ${bastion.port}}\n`;
    const jumped = `  ${host.name}: {address: ${at}, proxy_jump: ${bastion.name}, known_hosts: [${known}]}\n`;
    project.write({
      'inventories/lab/inventory.yaml': `${defaults}\nhosts:\n${own}${jumped}`,
      known_hosts: [address(), at, ...later].map((each) => `${each} ${host.hostKey}\n`).join(''),
    });
    return project;
  };
  return {
    ...{ target, address, words, projectFor },
    apply: (site: string, at?: string, later?: readonly string[]) =>
      projectFor(site, at, later).slab('apply', '-y', '--confirm-within', `${within}`, ...words()),
    plan: (site: string, at?: string) => projectFor(site, at).slab('plan', ...words()),
  };
}
