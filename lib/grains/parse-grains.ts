import type { Dict, Grains, Value } from '../model/value.ts';
import { osGrains } from './os-grains.ts';

/** What the inventory calls a host. */
interface HostIdentity {
  readonly name: string;
}

/**
 * Reads the output of the grains script into Salt's grains (names and types as Salt 3006 gives them on Linux).
 * `id` is the inventory's name of the host; whatever a host did not tell is left out.
 * @param output NUL-terminated pairs.
 */
export function parseGrains(output: Uint8Array, host: HostIdentity): Grains {
  const facts = readFacts(output);
  const text = (name: string) => (facts.get(name) ?? '').trim();
  const [, kernel = '', nodename = '', release = '', version = '', machine = ''] =
    /^(\S+) (\S+) (\S+) (.*) (\S+)$/.exec(text('uname')) ?? [];
  const [, uid = '', username = '', gid = '', groupname = ''] =
    /^uid=(\d+)\(([^)]*)\) gid=(\d+)\(([^)]*)\)/.exec(text('id')) ?? [];
  const fqdn = text('fqdn') || nodename;
  const grains: Dict = new Map<Value, Value>([
    ['id', host.name],
    ['kernel', kernel],
    ['nodename', nodename],
    ['kernelrelease', release],
    ['kernelversion', version],
    ['cpuarch', machine],
    ['localhost', nodename],
    ['fqdn', fqdn],
    ['host', fqdn.split('.')[0] ?? fqdn],
    ['domain', fqdn.split('.').slice(1).join('.')],
    ['init', facts.has('systemd') ? 'systemd' : text('/proc/1/comm') || 'unknown'],
    ['num_cpus', Number(text('cpus'))],
    ['cpu_model', text('cpu_model').replace(/^[^:]*:\s*/, '')],
    ['uid', Number(uid)],
    ['username', username],
    ['gid', Number(gid)],
    ['groupname', groupname],
    ['path', text('path')],
    ['systempath', text('path').split(':')],
    ['ps', 'ps -efHww'],
    ['efi', facts.has('efi')],
  ]);
  for (const group of [
    osGrains(facts, machine),
    networkGrains(facts),
    machineGrains(facts),
    resolverGrains(facts),
  ]) {
    for (const [key, value] of group) grains.set(key, value);
  }
  return grains;
}

/** The script's pairs by name, and the files it read by path (`files` is grep's `path:line`). */
function readFacts(output: Uint8Array): ReadonlyMap<string, string> {
  const fields = Buffer.from(output).toString('utf8').split('\0');
  const facts = new Map<string, string>();
  for (let i = 0; i + 1 < fields.length; i += 2) facts.set(fields[i] ?? '', fields[i + 1] ?? '');
  for (const line of (facts.get('files') ?? '').split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const path = line.slice(0, colon);
    facts.set(path, `${facts.get(path) ?? ''}${line.slice(colon + 1)}\n`);
  }
  return facts;
}

/** Files whose path matches, as [the part the pattern captures, first line]. */
function* filesLike(facts: ReadonlyMap<string, string>, pattern: RegExp): Generator<[string, string]> {
  for (const [path, text] of facts) {
    const name = pattern.exec(path)?.[1];
    if (name !== undefined) yield [name, text.split('\n')[0] ?? ''];
  }
}

function networkGrains(facts: ReadonlyMap<string, string>): Dict {
  const hardware: Dict = new Map();
  const perInterface: Dict = new Map();
  const four: Dict = new Map();
  const six: Dict = new Map();
  for (const [name, address] of filesLike(facts, /^\/sys\/class\/net\/([^/]+)\/address$/)) {
    hardware.set(name, address);
    for (const map of [perInterface, four, six]) map.set(name, []);
  }
  const all4 = new Set<string>();
  const all6 = new Set<string>();
  // `2: eth0    inet 192.0.2.10/24 brd …`: ip-address(8), one address a line with -o.
  for (const line of (facts.get('addresses') ?? '').split('\n')) {
    const match = /^\d+:\s+([^\s@:]+)\S*\s+(inet6?)\s+([0-9a-fA-F.:]+)/.exec(line);
    if (match === null) continue;
    const [, name = '', family, address = ''] = match;
    addTo(perInterface, name, address);
    addTo(family === 'inet' ? four : six, name, address);
    (family === 'inet' ? all4 : all6).add(address);
  }
  const gateway = /^default via (\S+)/m.exec(facts.get('routes') ?? '')?.[1];
  return new Map<Value, Value>([
    ['hwaddr_interfaces', hardware],
    ['ip_interfaces', perInterface],
    ['ip4_interfaces', four],
    ['ip6_interfaces', six],
    ['ipv4', [...all4].sort()],
    ['ipv6', [...all6].sort()],
    ['ip_gw', gateway !== undefined],
    ['ip4_gw', gateway ?? false],
  ]);
}

function addTo(map: Dict, name: string, address: string): void {
  const list = map.get(name);
  if (Array.isArray(list)) list.push(address);
  else map.set(name, [address]);
}

function machineGrains(facts: ReadonlyMap<string, string>): Dict {
  const grains: Dict = new Map();
  const machineId = (facts.get('/etc/machine-id') ?? '').trim();
  if (machineId !== '') grains.set('machine_id', machineId);
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(facts.get('/proc/meminfo') ?? '')?.[1] ?? 0);
  grains.set('mem_total', Math.floor(kilobytes('MemTotal') / 1024));
  grains.set('swap_total', Math.floor(kilobytes('SwapTotal') / 1024));
  const dmi = (name: string) => (facts.get(`/sys/class/dmi/id/${name}`) ?? '').trim();
  const named: readonly (readonly [string, string])[] = [
    ['productname', dmi('product_name')],
    ['manufacturer', dmi('sys_vendor')],
    ['biosversion', dmi('bios_version')],
    ['uuid', dmi('product_uuid').toLowerCase()],
    ['serialnumber', dmi('product_serial')],
  ];
  for (const [name, value] of named) if (value !== '') grains.set(name, value);
  grains.set(
    'virtual',
    virtualKind((facts.get('/run/systemd/container') ?? '').trim(), dmi('sys_vendor'), dmi('product_name')),
  );
  grains.set(
    'kernelparams',
    (facts.get('/proc/cmdline') ?? '')
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => {
        const at = word.indexOf('=');
        return at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
      }),
  );
  const rotational = [...filesLike(facts, /^\/sys\/block\/([^/]+)\/queue\/rotational$/)].filter(
    ([name]) => !/^(loop|ram|zram|fd|sr|dm-|md)/.test(name),
  );
  grains.set(
    'disks',
    rotational.filter(([, flag]) => flag === '1').map(([name]) => name),
  );
  grains.set(
    'ssds',
    rotational.filter(([, flag]) => flag === '0').map(([name]) => name),
  );
  const systemd = /^systemd (\d+)[^\n]*\n(.*)/.exec(facts.get('systemd') ?? '');
  if (systemd !== null) {
    grains.set(
      'systemd',
      new Map<Value, Value>([
        ['version', systemd[1] ?? ''],
        ['features', systemd[2] ?? ''],
      ]),
    );
  }
  return grains;
}

/** Salt's `virtual` from the DMI strings and systemd's container mark: the common hypervisors, else physical. */
function virtualKind(container: string, vendor: string, product: string): string {
  if (container !== '') return container === 'systemd-nspawn' ? 'container' : container;
  const text = `${vendor} ${product}`;
  if (/QEMU|KVM|Bochs|Amazon EC2|Google|DigitalOcean|OpenStack/i.test(text)) return 'kvm';
  if (/VMware/i.test(text)) return 'VMware';
  if (/VirtualBox|innotek/i.test(text)) return 'VirtualBox';
  if (/Microsoft.*Virtual/i.test(text)) return 'HyperV';
  if (/Xen/i.test(text)) return 'xen';
  return 'physical';
}

function resolverGrains(facts: ReadonlyMap<string, string>): Dict {
  const servers: Value[] = [];
  let search: Value[] = [];
  for (const line of (facts.get('/etc/resolv.conf') ?? '').split('\n')) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === 'nameserver' && rest[0] !== undefined) servers.push(rest[0]);
    if (word === 'search' || word === 'domain') search = rest;
  }
  const isFour = (server: Value) => typeof server === 'string' && !server.includes(':');
  return new Map<Value, Value>([
    [
      'dns',
      new Map<Value, Value>([
        ['nameservers', servers],
        ['ip4_nameservers', servers.filter(isFour)],
        ['ip6_nameservers', servers.filter((server) => !isFour(server))],
        ['search', search],
      ]),
    ],
  ]);
}
