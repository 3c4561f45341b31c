import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { Host, Inventory } from '../model/inventory.ts';
import type { Subject, Target } from './target.ts';
import { couldMatch, matchTarget } from './target-match.ts';

/**
 * Picks the hosts of a target, in the order of the inventory.
 * @param facts grains and pillar of a host; without them every host that might match once they are known is picked,
 * which `targetNeeds` tells beforehand.
 * @returns the hosts; none at all is a mistake (SLAB1011).
 */
export function selectHosts(
  inventory: Inventory,
  target: Target,
  facts?: (host: Host) => Omit<Subject, 'host'>,
): Checked<readonly Host[]> {
  const hosts = [...inventory.hosts.values()].filter((host) =>
    facts === undefined ? couldMatch(target, { host }) : matchTarget(target, { host, ...facts(host) }),
  );
  return hosts.length > 0
    ? { value: hosts, diagnostics: [] }
    : { diagnostics: [describeNone(inventory, target)] };
}

function describeNone(inventory: Inventory, target: Target): Diagnostic {
  const names = [...inventory.hosts.keys(), ...inventory.groups.keys()];
  const unknown = namesIn(target).filter((name) => !names.includes(name));
  const near = unknown.map((name) => didYouMean(name, names)).find((fix) => fix !== undefined);
  const groups = [...inventory.groups.keys()];
  const fallback =
    inventory.hosts.size === 0
      ? 'write them under hosts: — a name, and below it address and user where they differ'
      : `look at slab hosts${groups.length > 0 ? `; the groups are ${groups.slice(0, 8).join(', ')}` : ''}`;
  return {
    severity: 'error',
    code: 'SLAB1011',
    summary:
      inventory.hosts.size === 0
        ? `the inventory of ${inventory.environment} has no hosts`
        : `the target matches no host of ${inventory.environment}`,
    ...(unknown.length > 0 ? { why: `no host or group is called ${unknown.join(' or ')}` } : {}),
    fix: near ?? fallback,
  };
}

/** The names a target picks hosts by, globs aside. */
function namesIn(target: Target): readonly string[] {
  switch (target.type) {
    case 'and':
    case 'or':
      return target.terms.flatMap(namesIn);
    case 'not':
      return [];
    case 'word':
      return /[*?[]/.test(target.word) ? [] : [target.word];
    case 'group':
      return [target.name];
    case 'list':
      return [...target.names];
    case 'glob':
    case 'pcre':
    case 'kind':
    case 'label':
    case 'grain':
    case 'pillar':
    case 'network':
      return [];
  }
}
