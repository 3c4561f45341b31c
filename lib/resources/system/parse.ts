import { type DesiredHostname, desiredHostname, hostnameSchema } from '../../hostname/desired.ts';
import type { FunctionSpec, Parsed, ParseInput } from '../../model/resource.ts';
import { canonicalAddress } from '../../network/address.ts';

/** Names of hosts; Salt has `hostname` for Windows only, and `network.system` elsewhere. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  hostname: {
    summary: 'a host is called so, now and after the next boot, and knows its own name',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: { ...hostnameSchema, description: 'the name; by default the ID of the state' },
        hosts: {
          ...{ type: ['string', 'boolean'], title: 'an address, or false', default: '127.0.1.1' },
          description: 'the address whose line of /etc/hosts gets the name where no line has it; false: none',
        },
      },
    },
    examples: [
      'st11.example.net:\n  system.hostname\n',
      'name:\n  system.hostname:\n    - name: st11\n    - hosts: 10.20.0.11\n',
    ],
  },
};

/** Reads a chunk of this kind. */
export function parseSystem({ name, ...input }: ParseInput): Parsed<DesiredHostname> {
  // The schema has been checked; this is its type.
  const { hosts = true } = input.args as { readonly hosts?: string | boolean };
  const address = hosts === true ? '127.0.1.1' : hosts === false ? undefined : hosts;
  if (address !== undefined && canonicalAddress(address) === undefined)
    return { complaints: [{ at: ['hosts'], summary: `"${address}" is no address` }] };
  return { declared: desiredHostname(name, address) };
}
