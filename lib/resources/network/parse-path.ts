import { canonicalAddress, familyOf, networkOf } from '../../network/address.ts';
import { type Desired, MAIN_TABLE, tableNumber } from '../../network/desired.ts';
import type { Complaint, Parsed, ParseInput } from '../../model/resource.ts';

interface RouteArguments {
  readonly to?: string;
  readonly via?: string;
  readonly device?: string;
  readonly table?: string | number;
  readonly metric?: number;
  readonly source?: string;
  readonly onlink?: boolean;
}

interface RuleArguments {
  readonly priority: number;
  readonly from?: string;
  readonly to?: string;
  readonly iif?: string;
  readonly oif?: string;
  readonly fwmark?: number;
  readonly table: string | number;
  readonly device?: string;
}

/** What is no address among those of an argument. */
export function wrongAddresses(
  at: string,
  values: readonly string[],
  read: (text: string) => string | undefined,
): readonly Complaint[] {
  return values
    .filter((value) => read(value) === undefined)
    .map((value) => ({ at: [at], summary: `${value} is no IP address` }));
}

/** Reads a route. */
export function parseRoute({ name, args }: ParseInput): Parsed<Desired> {
  const {
    to = name,
    via,
    device,
    table = MAIN_TABLE,
    metric,
    source,
    onlink = false,
  } = args as RouteArguments;
  const target = networkFor(to, via);
  const complaints: Complaint[] = [
    ...(target === undefined
      ? [{ at: args['to'] === undefined ? ['name'] : ['to'], summary: `${to} is no network` }]
      : []),
    ...wrongAddresses('via', via === undefined ? [] : [via], canonicalAddress),
    ...wrongAddresses('source', source === undefined ? [] : [source], canonicalAddress),
    ...(via === undefined && device === undefined
      ? [{ at: [], summary: 'it needs "via", "device" or both', why: 'they say where packets go' }]
      : []),
  ];
  if (target === undefined || complaints.length > 0) return { complaints };
  const gateway = via === undefined ? undefined : canonicalAddress(via);
  const other = gateway !== undefined && familyOf(gateway) !== familyOf(target);
  if (other)
    return { complaints: [{ at: ['via'], summary: `${target} cannot be reached through ${gateway}` }] };
  const from = source === undefined ? undefined : canonicalAddress(source);
  if (from !== undefined && familyOf(from) !== familyOf(target))
    return {
      complaints: [
        {
          ...{ at: ['source'], summary: `packets to ${target} cannot have the source ${from}` },
          why: 'one is of IPv4, the other of IPv6',
          fix: 'give an address of the same family, or leave source out',
        },
      ],
    };
  return {
    declared: {
      ...{ is: 'route', to: target, via: gateway, device, metric, onlink },
      table: tableNumber(table) ?? MAIN_TABLE,
      source: from,
    },
  };
}

/** `default` is of the family of the gateway. */
function networkFor(text: string, via: string | undefined): string | undefined {
  if (text === 'default') return via?.includes(':') === true ? '::/0' : '0.0.0.0/0';
  return networkOf(text);
}

/** Reads a rule of policy routing. */
export function parseRule({ args }: ParseInput): Parsed<Desired> {
  const { priority, from, to, iif, oif, fwmark, table, device } = args as unknown as RuleArguments;
  const read = (text: string | undefined) =>
    text === undefined || text === 'default' ? undefined : networkOf(text);
  const complaints: Complaint[] = (
    [
      ['from', from],
      ['to', to],
    ] as const
  ).flatMap(([at, text]): readonly Complaint[] =>
    text !== undefined && read(text) === undefined ? [{ at: [at], summary: `${text} is no network` }] : [],
  );
  const [source, target] = [read(from), read(to)];
  if (source !== undefined && target !== undefined && familyOf(source) !== familyOf(target))
    complaints.push({
      ...{ at: ['to'], summary: `no packet is from ${source} and to ${target}` },
      why: 'one is of IPv4, the other of IPv6',
      fix: 'declare a rule for each family, or leave one of the two out',
    });
  if (complaints.length > 0) return { complaints };
  return {
    declared: {
      ...{ is: 'rule', priority, from: source, to: target, iif, oif, mark: fwmark, device },
      table: tableNumber(table) ?? MAIN_TABLE,
    },
  };
}
