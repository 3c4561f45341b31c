import { bareAddress, canonicalAddress, canonicalPrefix, edgeOf } from '../../network/address.ts';
import type { Complaint } from '../../model/resource.ts';

/** What no schema can say of the addresses of an interface and its gateways, each well written. */
export function wrongHostAddresses(
  name: string,
  addresses: readonly string[],
  gateways: readonly string[],
): readonly Complaint[] {
  const own = [...new Set(addresses.flatMap((each) => canonicalPrefix(each) ?? []))];
  return [
    ...own.flatMap(edge),
    ...own.flatMap((address, at): readonly Complaint[] => {
      const other = own.slice(0, at).find((each) => bareAddress(each) === bareAddress(address));
      return other === undefined
        ? []
        : [
            {
              at: ['addresses'],
              summary: `${bareAddress(address)} is there with two lengths: ${other} and ${address}`,
              why: 'an address is in one network of its interface',
              fix: 'keep the one whose network it is',
            },
          ];
    }),
    ...gateways
      .filter((gateway) => own.some((address) => bareAddress(address) === canonicalAddress(gateway)))
      .map((gateway) => ({
        at: ['gateway'],
        summary: `${name} would be its own gateway, ${gateway}`,
        why: 'the kernel takes no route through an address of the host itself',
        fix: 'give the address of the router',
      })),
  ];
}

function edge(address: string): readonly Complaint[] {
  const found = edgeOf(address);
  if (found === undefined) return [];
  return [
    {
      at: ['addresses'],
      summary:
        found === 'network'
          ? `${address} is the network itself, not an address in it`
          : `${address} is the broadcast address of its network`,
      why:
        found === 'network'
          ? 'no host has it: IPv6 keeps it for any router, IPv4 for the network'
          : 'what is sent there is for every host of the network',
      fix: 'give an address in between, or correct the length behind it',
    },
  ];
}
