import type { JsonObject } from '../../model/json.ts';
import type { Complaint, FunctionSpec, Parsed, ParseInput } from '../../model/resource.ts';
import { desiredHostname, hostnameSchema } from '../../hostname/desired.ts';
import type { Desired } from '../../network/desired.ts';
import type { DesiredResolver } from '../../network/resolver.ts';
import { parseRoute } from './parse-path.ts';
import { parseResolver } from './parse-settings.ts';
import type { Hostname, Several } from './parts.ts';

/** Arguments of Salt's `network.system` (salt.states.network, debian_ip and rh_ip). */
interface SystemArguments {
  readonly enabled?: boolean;
  readonly networking?: boolean;
  readonly hostname?: string;
  readonly apply_hostname?: boolean;
  readonly gateway?: string;
  readonly gatewaydev?: string;
  readonly dns?: readonly string[];
  readonly search?: string | readonly string[];
  readonly domainname?: string;
  readonly nozeroconf?: boolean;
  readonly nisdomain?: string;
  readonly require_reboot?: boolean;
  readonly retain_settings?: boolean;
}

const address: JsonObject = { type: 'string', pattern: '^[0-9A-Fa-f:.]+$', title: 'an IP address' };
const domain: JsonObject = { type: 'string', pattern: '^[A-Za-z0-9_.-]+$', title: 'a domain' };
const yes = (description: string): JsonObject => ({ type: 'boolean', description });

/** Salt's settings of a whole host, as what slab has for each. */
export const systemFunction: FunctionSpec = {
  summary: "Salt's way to declare a host's name, default gateway and name servers",
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, description: 'what it is called' },
      enabled: yes('there is a network: only true'),
      networking: yes('the same'),
      hostname: { ...hostnameSchema, description: 'as system.hostname, from the next boot on' },
      apply_hostname: { ...yes('called so now as well'), default: false },
      gateway: { ...address, description: 'the default gateway, as network.route' },
      gatewaydev: {
        ...{ type: 'string', pattern: '^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,14}$' },
        title: 'the name of an interface, at most 15 characters',
        description: 'the interface to the gateway; by default the one whose network it is in',
      },
      dns: { type: 'array', items: address, description: 'name servers, all of them, as network.resolver' },
      search: {
        anyOf: [{ type: 'string' }, { type: 'array', items: domain }],
        title: 'domains, with blanks or as a list',
        description: 'domains that names without a dot are looked for in; with dns',
      },
      domainname: { ...domain, description: 'the same for one domain' },
      nozeroconf: yes('no route to 169.254.0.0/16: only true'),
      nisdomain: { type: 'string', description: 'slab sets none: an error' },
      require_reboot: yes('slab has nothing that waits for a boot: only false'),
      retain_settings: yes('what is not declared stays: only true'),
    },
  },
  examples: [
    'system:\n  network.system:\n    - enabled: True\n    - hostname: server1.example.com\n    - apply_hostname: True\n    - gateway: 192.168.0.1\n    - gatewaydev: eth0\n    - nozeroconf: True\n    - retain_settings: True\n',
    'system:\n  network.system:\n    - dns: [10.20.0.53, 10.20.0.54]\n    - search: example.com example.net\n',
  ],
};

/** Reads Salt's `network.system` as the name, route and resolver it means. */
export function parseSystem(input: ParseInput): Parsed<Several> {
  const args = input.args as SystemArguments;
  const complaints: Complaint[] = [...meaningless(args)];
  const parts: (Desired | DesiredResolver | Hostname)[] = [];
  const take = <D extends Desired | DesiredResolver>(
    parsed: Parsed<D>,
    names: Readonly<Record<string, string>>,
  ): void => {
    if ('declared' in parsed) parts.push(parsed.declared);
    else
      complaints.push(
        ...parsed.complaints.map((each) => ({
          ...each,
          at: each.at.map((word) => (typeof word === 'string' ? (names[word] ?? word) : word)),
        })),
      );
  };
  const { hostname, apply_hostname: now = false, gateway, gatewaydev: device } = args;
  if (hostname !== undefined)
    parts.push({ is: 'hostname', ...desiredHostname(hostname, '127.0.1.1', { now }) });
  if (gateway !== undefined)
    take(
      parseRoute({
        ...input,
        args: { to: 'default', via: gateway, ...(device === undefined ? {} : { device }) },
      }),
      { via: 'gateway', device: 'gatewaydev', to: 'gateway' },
    );
  const search = searched(args);
  if (args.dns !== undefined)
    take(parseResolver({ ...input, args: { servers: args.dns, search } }), { servers: 'dns' });
  else if (search.length > 0)
    complaints.push({
      ...{ at: [args.search === undefined ? 'domainname' : 'search'], summary: 'it needs "dns" as well' },
      ...{ why: 'slab declares name servers and what they are asked for together' },
      fix: 'give it the name servers, or declare a network.resolver',
    });
  if (device !== undefined && gateway === undefined)
    complaints.push({ at: ['gatewaydev'], summary: '"gatewaydev" goes with "gateway"' });
  if (parts.length === 0 && complaints.length === 0)
    complaints.push({
      ...{ at: [], summary: 'it declares nothing' },
      fix: 'give it hostname, gateway or dns; or leave it out, as slab has nothing to switch on',
    });
  return complaints.length > 0 ? { complaints } : { declared: { is: 'system', name: input.name, parts } };
}

function searched({ search = [], domainname }: SystemArguments): readonly string[] {
  const all = typeof search === 'string' ? search.split(/[\s,]+/).filter(Boolean) : search;
  return all.length === 0 && domainname !== undefined ? [domainname] : all;
}

/** What Salt would do that slab does not, each with what to do instead. */
function meaningless(args: SystemArguments): readonly Complaint[] {
  const refused = (at: keyof SystemArguments, summary: string, fix: string): readonly Complaint[] => [
    { at: [at], summary, fix },
  ];
  const {
    enabled,
    networking,
    nozeroconf,
    nisdomain,
    require_reboot: reboot,
    retain_settings: retain,
  } = args;
  return [
    ...(enabled === false || networking === false
      ? refused(
          enabled === false ? 'enabled' : 'networking',
          'slab does not switch the network of a host off',
          'take single interfaces down: network.interface with "up: false"',
        )
      : []),
    ...(nozeroconf === false
      ? refused(
          'nozeroconf',
          'slab sets no route to 169.254.0.0/16',
          'leave it out, or declare a network.route to it',
        )
      : []),
    ...(nisdomain === undefined
      ? []
      : refused('nisdomain', 'slab sets no domain of NIS', 'write /etc/defaultdomain with file.managed')),
    ...(reboot === true
      ? refused(
          'require_reboot',
          'nothing of it waits for a boot',
          'leave it out: slab brings it about at once, taken back by the host unless a new login confirms it, and the next boot reads the same',
        )
      : []),
    ...(retain === false
      ? refused(
          'retain_settings',
          'slab takes nothing away that is not declared',
          'leave it out, and declare what has to go: network.absent',
        )
      : []),
  ];
}
