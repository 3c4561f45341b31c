import type { Parsed, ParseInput } from '../../model/resource.ts';
import { canonicalAddress } from '../../network/address.ts';
import {
  type CardSetting,
  type DesiredCard,
  ETHTOOL_PARTS,
  type EthtoolPart,
  KNOWN_SETTINGS,
  shortName,
} from '../../network/ethtool.ts';
import type { DesiredResolver, ResolverOwner } from '../../network/resolver.ts';
import { wrongAddresses } from './parse-path.ts';

interface ResolverArguments {
  readonly owner?: ResolverOwner;
  readonly servers: readonly string[];
  readonly search?: readonly string[];
  readonly options?: readonly string[];
  readonly verify?: readonly string[];
}

type CardArguments = { readonly device?: string } & Readonly<
  Partial<Record<EthtoolPart, Readonly<Record<string, number | boolean>>>>
>;

/** Reads whom a host asks for names. */
export function parseResolver({ name, args }: ParseInput): Parsed<DesiredResolver> {
  const { owner, servers, search = [], options = [], verify = [] } = args as unknown as ResolverArguments;
  const complaints = [
    ...wrongAddresses('servers', servers, canonicalAddress),
    ...(owner === 'file' && servers.length > 3
      ? [
          {
            ...{ at: ['servers'], summary: 'only the first three servers of resolv.conf are asked' },
            fix: 'leave the others out, or let systemd-resolved do it (owner: resolved)',
          },
        ]
      : []),
    ...(options.length > 0 && owner !== 'file'
      ? [
          {
            at: ['options'],
            summary: 'options go with "owner: file"',
            why: 'systemd-resolved does not read them',
          },
        ]
      : []),
  ];
  if (complaints.length > 0) return { complaints };
  return {
    declared: {
      ...{ is: 'resolver', name, owner, search, options, verify },
      servers: servers.flatMap((each) => canonicalAddress(each) ?? []),
    },
  };
}

/** Reads settings of a card's driver. */
export function parseCard({ name, args }: ParseInput): Parsed<DesiredCard> {
  const { device = name, ...parts } = args as CardArguments;
  const settings = (Object.keys(ETHTOOL_PARTS) as readonly EthtoolPart[]).flatMap((part) =>
    Object.entries(parts[part] ?? {}).map(([key, value]): CardSetting => {
      const written = key.replaceAll('_', '-').toLowerCase();
      return {
        ...{ part, name: part === 'offload' ? shortName(written) : written },
        value: typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value),
      };
    }),
  );
  if (settings.length === 0)
    return {
      complaints: [
        { at: [], summary: 'it sets nothing', fix: 'give it ring, channels, coalesce or offload' },
      ],
    };
  const odd = settings.find((each) => !/^[a-z0-9-]+$/.test(each.name));
  if (odd !== undefined)
    return { complaints: [{ at: [odd.part], summary: `ethtool has no names like "${odd.name}"` }] };
  const unknown = settings.flatMap(({ part, name: setting }) => {
    const known = KNOWN_SETTINGS[part];
    return known === undefined || known.includes(setting)
      ? []
      : [{ at: [part], summary: `${part} has no setting "${setting}"`, fix: `it has ${known.join(', ')}` }];
  });
  if (unknown.length > 0) return { complaints: unknown };
  return { declared: { is: 'ethtool', device, settings } };
}
