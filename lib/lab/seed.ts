import { randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SlabError } from '../diagnostics/errors.ts';
import type { LabHost } from './host.ts';
import { innerAddress, isWhole } from './host.ts';
import type { LabLayout } from './layout.ts';
import { hostLayout } from './layout.ts';
import { run } from './process.ts';

/** What a host can know of another of its lab: enough for a line of /etc/hosts. */
type Neighbour = Pick<LabHost, 'name' | 'number' | 'form' | 'address'>;

/**
 * Makes the files that a host differs in from its base, as an installer would have left them, and its disks.
 * @returns its SSH host key as known_hosts has it.
 */
export async function seedHost(
  layout: LabLayout,
  host: Omit<LabHost, 'hostKey'>,
  neighbours: readonly Neighbour[],
): Promise<string> {
  const at = hostLayout(layout, host.name);
  rmSync(at.directory, { recursive: true, force: true });
  const etc = join(at.seed, 'etc');
  for (const folder of [join(etc, 'ssh'), at.disks, join(at.directory, 'root'), join(at.directory, 'memory')])
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  writeFileSync(join(etc, 'hostname'), `${host.name}\n`);
  writeFileSync(join(etc, 'hosts'), hostsFile(host, neighbours));
  writeFileSync(join(etc, 'machine-id'), `${randomBytes(16).toString('hex')}\n`);
  if (isWhole(host.form)) {
    mkdirSync(join(etc, 'systemd', 'network'), { recursive: true, mode: 0o755 });
    writeFileSync(join(etc, 'systemd', 'network', '10-eth0.network'), networkFile(host.number));
  }
  for (const disk of host.disks) makeSparse(join(at.disks, `${disk.serial}.img`), disk.sizeBytes);

  const key = join(etc, 'ssh', 'ssh_host_ed25519_key');
  const made = await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', host.name, '-f', key]);
  if (made.code !== 0) throw new SlabError('SLAB6003', `ssh-keygen made no host key: ${made.output}`);
  return readFileSync(`${key}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

/** The /etc/hosts of a host: itself, then the others that share a network with it. */
export function hostsFile(host: Neighbour, neighbours: readonly Neighbour[]): string {
  const others = neighbours.filter(
    ({ name, form }) => isWhole(form) === isWhole(host.form) && name !== host.name,
  );
  const address = (of: Neighbour) => (isWhole(of.form) ? innerAddress(of.number) : of.address);
  return [
    '127.0.0.1 localhost',
    '::1 localhost',
    ...[host, ...others].map((of) => `${address(of)} ${of.name}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function networkFile(number: number): string {
  const address = `Address=${innerAddress(number)}/24\nGateway=10.77.0.1\n`;
  return `[Match]\nName=eth0\n\n[Network]\n${address}LinkLocalAddressing=no\nIPv6AcceptRA=no\n`;
}

function makeSparse(path: string, sizeBytes: number): void {
  const file = openSync(path, 'wx', 0o600);
  ftruncateSync(file, sizeBytes);
  closeSync(file);
}
