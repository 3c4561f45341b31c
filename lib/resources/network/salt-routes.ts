import type { Complaint, Parsed, ParseInput } from '../../model/resource.ts';
import type { Desired, DesiredRoute } from '../../network/desired.ts';
import { parseRoute } from './parse-path.ts';
import { lengthOf } from './salt-words.ts';

interface RoutesArguments {
  readonly routes: readonly {
    readonly ipaddr?: string;
    readonly netmask?: string;
    readonly gateway?: string;
    readonly table?: string | number;
    readonly metric?: number;
  }[];
}

/** Reads Salt's `network.routes` as the routes it means. */
export function parseRoutes(input: ParseInput): Parsed<Desired> {
  const { routes } = input.args as unknown as RoutesArguments;
  const complaints: Complaint[] = [];
  const declared: DesiredRoute[] = [];
  routes.forEach(({ ipaddr = 'default', netmask, gateway, table, metric }, index) => {
    const length =
      typeof netmask === 'number' ? netmask : netmask === undefined ? undefined : lengthOf(netmask);
    if (netmask !== undefined && length === undefined) {
      complaints.push({ at: ['routes', index, 'netmask'], summary: `${netmask} is no netmask` });
      return;
    }
    const to = length === undefined || ipaddr === 'default' ? ipaddr : `${ipaddr}/${length}`;
    const args = {
      ...{ to, device: input.name },
      ...(gateway === undefined ? {} : { via: gateway }),
      ...(table === undefined ? {} : { table }),
      ...(metric === undefined ? {} : { metric }),
    };
    const parsed = parseRoute({ ...input, args });
    if ('complaints' in parsed)
      complaints.push(...parsed.complaints.map((each) => ({ ...each, at: ['routes', index] })));
    else if (parsed.declared.is === 'route') declared.push(parsed.declared);
  });
  return complaints.length > 0
    ? { complaints }
    : { declared: { is: 'routes', name: input.name, routes: declared } };
}
