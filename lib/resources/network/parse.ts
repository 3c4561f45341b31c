import type { Parsed, ParseInput } from '../../model/resource.ts';
import type { DesiredLink } from '../../network/desired.ts';
import { parseCard, parseResolver } from './parse-settings.ts';
import { parseLink } from './parse-link.ts';
import { parseRoute, parseRule } from './parse-path.ts';
import type { Declared } from './parts.ts';
import { parseManaged } from './salt-managed.ts';
import { parseRoutes } from './salt-routes.ts';
import { parseSystem } from './salt-system.ts';

/** Reads a chunk of this kind. */
export function parseNetwork(input: ParseInput): Parsed<Declared> {
  switch (input.fun) {
    case 'route':
      return parseRoute(input);
    case 'rule':
      return parseRule(input);
    case 'absent':
      return { declared: { is: 'absent', name: input.name } };
    case 'resolver':
      return parseResolver(input);
    case 'ethtool':
      return parseCard(input);
    case 'managed':
      return parseManaged(input);
    case 'routes':
      return parseRoutes(input);
    case 'system':
      return parseSystem(input);
    default:
      // The functions that are left; the schema has been checked, and these are its types.
      return parseLink(input.name, input.fun as DesiredLink['kind'], input.args);
  }
}
