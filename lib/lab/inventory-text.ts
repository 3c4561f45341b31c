import type { LabHost } from './host.ts';

/** The first line of an inventory that slab wrote, and may write again. */
export const inventoryMark =
  '# Made by slab lab, and written again by it: keep changes in a file of your own.';

/** The files that the hosts of a lab are reached with. */
interface LabAccess {
  readonly identityFile: string;
  readonly knownHosts: string;
}

/** An inventory of these hosts. Quoted words are JSON, which YAML reads as it is. */
export function inventoryText(hosts: readonly LabHost[], access: LabAccess): string {
  const word = (text: string) => JSON.stringify(text);
  const lines = [
    inventoryMark,
    'defaults:',
    '  user: root',
    '  kind: vm',
    `  identity_file: ${word(access.identityFile)}`,
    `  known_hosts: [${word(access.knownHosts)}]`,
    hosts.length === 0 ? 'hosts: {}' : 'hosts:',
    ...hosts.map((host) => `  ${host.name}: {address: ${host.address}, port: ${host.port}}`),
  ];
  return lines.join('\n') + '\n';
}

/** A known_hosts file with the key of every host; ports other than 22 are written with brackets: sshd(8). */
export function knownHostsText(hosts: readonly LabHost[]): string {
  return hosts
    .map(({ address, port, hostKey }) => `${port === 22 ? address : `[${address}]:${port}`} ${hostKey}\n`)
    .join('');
}

/** Arguments for ssh(1) to reach a host, whatever this machine's own SSH configuration says. */
export function sshArguments(host: LabHost, access: LabAccess): readonly string[] {
  const options = {
    IdentitiesOnly: 'yes',
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: access.knownHosts,
    GlobalKnownHostsFile: '/dev/null',
    LogLevel: 'ERROR',
    ConnectTimeout: '10',
  };
  return [
    ...['-F', '/dev/null', '-i', access.identityFile, '-p', String(host.port), '-l', 'root'],
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${quoted(value)}`]),
    host.address,
  ];
}

/** ssh splits some options at spaces unless they are quoted: ssh_config(5). */
function quoted(value: string): string {
  return value.includes(' ') ? `"${value}"` : value;
}
