import { hostnameObjects } from '../../hostname/compare.ts';
import { RESOLV_CONF, RESOLVED_FILE } from '../../network/resolver.ts';
import type { Hostname, Part } from './parts.ts';

/** What a part of a state is called on a host. */
export function objectsOf(part: Part): readonly string[] {
  switch (part.is) {
    case 'hostname':
      return hostnameObjects(part);
    case 'resolver':
      return [keyOf(part), `file:${part.owner === 'resolved' ? RESOLVED_FILE : RESOLV_CONF}`];
    case 'routes':
      return part.routes.map(keyOf);
    default:
      return [keyOf(part)];
  }
}

/** The object that a part is about first of all. */
export function keyOf(part: Exclude<Part, Hostname>): string {
  switch (part.is) {
    case 'route': {
      const { to, table, metric } = part;
      return `network:route ${to} table ${table}${metric === undefined ? '' : ` metric ${metric}`}`;
    }
    case 'routes':
      return part.routes[0] === undefined ? `network:routes ${part.name}` : keyOf(part.routes[0]);
    case 'resolver':
      return 'network:resolver';
    case 'ethtool':
      return `network:ethtool ${part.device}`;
    case 'rule':
      return `network:rule ${part.priority}`;
    default:
      return `network:${part.name}`;
  }
}

/** What it stands on comes first. */
export function needsOf(part: Part): readonly string[] {
  if (part.is === 'absent' || part.is === 'hostname') return [];
  if (part.is === 'resolver') return ['pkg:systemd-resolved', 'service:systemd-resolved'];
  if (part.is === 'ethtool') return ['pkg:ethtool', `network:${part.device}`];
  const lower =
    part.is === 'link'
      ? [part.vlan?.parent, ...(part.bridge?.ports ?? []), ...(part.bond?.members ?? [])]
      : [part.is === 'routes' ? part.name : part.device];
  return lower.flatMap((name) => (name === undefined ? [] : [`network:${name}`]));
}
