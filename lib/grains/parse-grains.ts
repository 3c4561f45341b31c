import type { Dict, Grains, Value } from '../model/value.ts';
import { filesLike, type Facts } from './facts.ts';
import { networkGrains } from './network-grains.ts';
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
  const kernelFact = (name: string) => text(`/proc/sys/kernel/${name}`);
  const nodename = kernelFact('hostname');
  const machine = kernelFact('arch') || text('arch');
  const fqdn = fullName(nodename, facts.get('/etc/hosts') ?? '');
  const grains: Dict = new Map<Value, Value>([
    ['id', host.name],
    ['kernel', kernelFact('ostype')],
    ['nodename', nodename],
    ['kernelrelease', kernelFact('osrelease')],
    ['kernelversion', kernelFact('version')],
    ['cpuarch', machine],
    ['localhost', nodename],
    ['fqdn', fqdn],
    ['host', fqdn.split('.')[0] ?? fqdn],
    ['domain', fqdn.split('.').slice(1).join('.')],
    ['init', facts.has('systemd') ? 'systemd' : text('/proc/1/comm') || 'unknown'],
    ['num_cpus', Number(text('cpus'))],
    ['cpu_model', text('cpu_model').replace(/^[^:]*:\s*/, '')],
    ...loginGrains(facts),
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

/**
 * The name with its domain: as it is when it has one, else what /etc/hosts says (hosts(5): address, canonical name,
 * aliases). Name servers are not asked: a plan must not wait for them.
 */
function fullName(nodename: string, hosts: string): string {
  if (nodename.includes('.')) return nodename;
  for (const line of hosts.split('\n')) {
    const [, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const full = names.find((name) => name.startsWith(`${nodename}.`));
    if (full !== undefined && names.includes(nodename)) return full;
  }
  return nodename;
}

/** As whom the script ran; a process that may not read /etc/shadow tells by id(1). */
function loginGrains(facts: Facts): readonly (readonly [Value, Value])[] {
  const [, uid = '0', user = 'root', gid = '0', group = 'root'] =
    /^uid=(\d+)\(([^)]*)\) gid=(\d+)\(([^)]*)\)/.exec(facts.get('id') ?? '') ?? [];
  return [
    ['uid', Number(uid)],
    ['username', user],
    ['gid', Number(gid)],
    ['groupname', group],
  ];
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

function machineGrains(facts: Facts): Dict {
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

function resolverGrains(facts: Facts): Dict {
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
