import type { LabForm } from './host.ts';

/** Where the hosts of one form listen: `<network>.<number>`, all on one port. */
export interface AddressBlock {
  /** Three numbers of a loopback address: `127.88.4`. */
  readonly network: string;
  readonly port: number;
}

/** The second number of the addresses, by form. */
const networks: Readonly<Record<LabForm, number>> = { systemd: 88, light: 77, vm: 99 };

/**
 * Every block a lab may take, in the order in which to try them. Labs begin at different places (`seed`), so that two
 * that start at the same moment seldom meet. Port 22 first; 2200 where this machine's own sshd holds 22 everywhere.
 */
export function candidateBlocks(form: LabForm, seed: number): readonly AddressBlock[] {
  const first = Math.abs(seed) % 254;
  const thirds = Array.from({ length: 254 }, (_, step) => ((first + step) % 254) + 1);
  return [22, 2200].flatMap((port) =>
    thirds.map((third) => ({ network: `127.${networks[form]}.${third}`, port })),
  );
}

/** The address of a host in a block. */
export function addressIn(block: AddressBlock, number: number): string {
  return `${block.network}.${number}`;
}

/** The block an address lies in. */
export function blockOf(address: string, port: number): AddressBlock {
  return { network: address.slice(0, address.lastIndexOf('.')), port };
}
