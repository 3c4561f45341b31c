/**
 * What a lab host is made of: a container with systemd as its first process, namespaces around an sshd, or a virtual
 * machine with a kernel of its own.
 */
export type LabForm = 'systemd' | 'light' | 'vm';

/** Whether hosts of this form have network interfaces, disks and services of their own. */
export function isWhole(form: LabForm): boolean {
  return form !== 'light';
}

/** A data disk of a lab host: a sparse file, behind a loop device or as a SCSI disk of a virtual machine. */
interface LabDisk {
  /** What udev tells: the host sees `/dev/disk/by-id/virtio-<serial>`. At most 20 characters, as virtio has it. */
  readonly serial: string;
  readonly sizeBytes: number;
}

/** One host of a lab, as it was asked for; kept in a file from before its first start until it is taken down. */
export interface LabHost {
  readonly name: string;
  readonly form: LabForm;
  /** The folder of the base it was made from, and stays on: changes of a host fit no other. */
  readonly base: string;
  /** Its place in the lab, from 1; gives its address in the lab's own networks. */
  readonly number: number;
  /** A loopback address of this machine. */
  readonly address: string;
  readonly port: number;
  /** Its SSH host key, as a known_hosts file has it: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  /** Changes are kept in memory and gone after every boot. */
  readonly diskless: boolean;
  readonly disks: readonly LabDisk[];
  /** Network interfaces: `eth0` is configured, the others are not; light hosts have none of their own. */
  readonly nics: number;
}

/** A host and whether it is on. */
export interface LabHostStatus extends LabHost {
  readonly running: boolean;
}

/** Most hosts a lab can hold. */
export const mostHosts = 200;

/** A name that hosts and labs may have: short enough for a disk serial made of it to have 20 characters. */
export function isLabName(name: string): boolean {
  return /^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$/.test(name);
}

/** The address of a whole host on the network of its interface `nic`, where lab hosts reach one another. */
export function innerAddress(number: number, nic = 0): string {
  return `10.77.${nic}.${innerNumber(number)}`;
}

/** The last number of the inner address: the first nine are for the network itself. */
export function innerNumber(number: number): number {
  return number + 9;
}

/** The lowest numbers that are free, as many as asked for. */
export function freeNumbers(taken: Iterable<number>, count: number): readonly number[] {
  const used = new Set(taken);
  const free: number[] = [];
  for (let number = 1; free.length < count; number++) if (!used.has(number)) free.push(number);
  return free;
}
