import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A project whose hosts are to be compiled: three environments over one state tree. */
const SOURCE = new URL('fleet', import.meta.url).pathname;

/** How many hosts of each role there are, of ten. */
const ROLES: readonly (readonly [name: string, share: number])[] = [
  ['web', 5],
  ['db', 2],
  ['cache', 3],
];

const pad = (n: number, width: number): string => String(n).padStart(width, '0');

/** Names of so many hosts, in the roles' shares. */
function namesOf(count: number): readonly string[] {
  return ROLES.flatMap(([role, share]) =>
    Array.from({ length: Math.round((count * share) / 10) }, (_, i) => `${role}${pad(i + 1, 4)}`),
  );
}

/** What a host would say of itself; two distributions and some sizes. */
function grainsOf(name: string, index: number): Readonly<Record<string, unknown>> {
  const isDebian = index % 4 !== 3;
  return {
    id: name,
    host: name,
    fqdn: `${name}.example.net`,
    kernel: 'Linux',
    cpuarch: 'x86_64',
    os: isDebian ? 'Debian' : 'Rocky',
    os_family: isDebian ? 'Debian' : 'RedHat',
    osrelease: isDebian ? '12' : '9',
    osmajorrelease: isDebian ? 12 : 9,
    init: 'systemd',
    virtual: index % 3 === 0 ? 'physical' : 'kvm',
    num_cpus: 2 + (index % 8) * 2,
    mem_total: 4096 * (1 + (index % 6)),
    ipv4: ['127.0.0.1', `10.1.${index >> 8}.${index & 255}`],
    ip4_interfaces: { lo: ['127.0.0.1'], eth0: [`10.1.${index >> 8}.${index & 255}`] },
    hwaddr_interfaces: { eth0: `52:54:00:00:${(index >> 8).toString(16)}:${(index & 255).toString(16)}` },
  };
}

interface EnvironmentShape {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Whether all hosts render alike. */
  readonly twins: boolean;
  /** Further pillar, for every host. */
  readonly pillar?: string;
}

function writeEnvironment(project: string, { name, hosts, twins, pillar }: EnvironmentShape): void {
  const folder = join(project, 'inventories', name);
  const grains = join(project, '.slab/grains', name);
  cpSync(join(SOURCE, 'pillar'), join(folder, 'pillar'), { recursive: true });
  mkdirSync(grains, { recursive: true });
  const rackOf = (index: number): string => `rack${pad(Math.floor(index / 10), 3)}`;
  const racks = [...new Set(hosts.map((_, index) => rackOf(index)))];
  const lines = hosts.map((host, index) => {
    const rack = rackOf(index);
    const address = `10.0.${index >> 8}.${index & 255}`;
    writeFileSync(join(grains, `${host}.json`), JSON.stringify(grainsOf(host, twins ? 0 : index)));
    return `  ${host}: {address: ${address}, groups: [${rack}], labels: {rack: ${rack}}}\n`;
  });
  const defaults = `defaults: {user: root, vars: {twin: ${twins}}}\n`;
  const groups = racks.map((rack) => `  ${rack}: {}\n`).join('');
  writeFileSync(join(folder, 'inventory.yaml'), `${defaults}hosts:\n${lines.join('')}groups:\n${groups}`);
  if (pillar !== undefined) writeFileSync(join(folder, 'pillar/role/web.sls'), pillar);
}

/** Pillar for one web host with so many sites, three states each. */
function manySites(count: number): string {
  const sites = Array.from(
    { length: count },
    (_, n) => `    site${n}: {port: ${8000 + n}, names: [site${n}.example.net], root: /srv/www/site${n}}\n`,
  );
  return `web:\n  workers: 4\n  sites:\n${sites.join('')}`;
}

/**
 * Writes the project: `different` and `twins` with so many hosts of about 100 states, `large` with one of about 1,000.
 * In `different` every host has names, addresses, sizes and neighbours of its own in many files.
 */
export function writeFleet(project: string, count: number): void {
  cpSync(join(SOURCE, 'states'), join(project, 'states'), { recursive: true });
  const hosts = namesOf(count);
  writeEnvironment(project, { name: 'different', hosts, twins: false });
  writeEnvironment(project, {
    name: 'twins',
    hosts: hosts.map((_, n) => `web${pad(n + 1, 4)}`),
    twins: true,
  });
  writeEnvironment(project, { name: 'large', hosts: ['web0001'], twins: false, pillar: manySites(310) });
}
