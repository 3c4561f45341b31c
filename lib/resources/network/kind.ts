import type { Change } from '../../model/change.ts';
import type { SectionResult } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import {
  askHostname,
  hostnameSteps,
  readHostname,
  type SeenHostname,
  unsharedHostname,
} from '../../hostname/compare.ts';
import { compareNetwork } from '../../network/compare.ts';
import { findConflicts } from '../../network/conflicts.ts';
import type { Compared, Comparison } from '../../network/comparison.ts';
import type { Desired } from '../../network/desired.ts';
import { type CardComparison, compareCard } from '../../network/ethtool.ts';
import { compareResolver, type ResolverComparison } from '../../network/resolver.ts';
import { unheardNames } from '../../network/names.ts';
import { readCard, readResolver } from '../../network/read-settings.ts';
import { sectionsOf } from '../../network/sections.ts';
import { ownOf } from '../../network/unshared.ts';
import { forgets } from '../../network/host.ts';
import { readHost } from '../../network/read-host.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { joinScripts } from '../../shell/sh.ts';
import { defineKind } from '../define-kind.ts';
import { diffNetwork } from './diff.ts';
import { functions } from './functions.ts';
import { needsOf, objectsOf } from './objects.ts';
import { parseNetwork } from './parse.ts';
import { type Declared, isPath, type Part, partsOf, type SeenPart } from './parts.ts';
import { cardStep, resolverStep } from './settings-steps.ts';
import type { Asked } from './questions.ts';
import { stepFor } from './steps.ts';

const probe = scriptFile(import.meta.url, './probe.sh');

/** Interfaces, routes and rules by systemd-networkd, the resolver and settings of cards, running and stored. */
export const network = defineKind<Declared, readonly SeenPart[]>({
  name: 'network',
  summary:
    'interfaces, VLANs, bridges, bonds, routes, rules, name servers and settings of cards, running and stored',
  functions,
  parse: parseNetwork,
  identify: (declared) => partsOf(declared).flatMap(objectsOf),
  needs: (declared) => partsOf(declared).flatMap(needsOf),
  conflicts: (all) => {
    const paths = all.flatMap((each, at) =>
      partsOf(each)
        .filter(isPath)
        .map((part) => ({ part, at })),
    );
    const place = (at: number): number => paths[at]?.at ?? at;
    return findConflicts(paths.map(({ part }) => part)).map(({ with: other, ...conflict }) => ({
      ...{ ...conflict, at: place(conflict.at) },
      ...(other === undefined ? {} : { with: place(other) }),
    }));
  },
  unshared: (declared) =>
    partsOf(declared).flatMap((part) =>
      part.is === 'hostname' ? [unsharedHostname(part)] : isPath(part) ? ownOf(part) : [],
    ),
  probe: (declared) => {
    const parts = declared.flatMap(partsOf);
    const names = parts.flatMap((part) => (part.is === 'hostname' ? [part.hostname] : []));
    const network = probe([
      ...(parts.some((part) => part.is === 'resolver' || namesServers(part)) ? ['resolver'] : []),
      ...parts.flatMap((part) => (part.is === 'ethtool' ? [`card:${part.device}`] : [])),
    ]);
    return names.length === 0 ? network : joinScripts([askHostname(names), network]);
  },
  observe,
  diff: diffNetwork,
  steps: (declared, changes, observed) =>
    partsOf(declared).flatMap((part, at) => {
      const own = changes.filter(({ object }) => objectsOf(part).includes(object));
      return own.length === 0 ? [] : stepsOf(part, own, observed[at] ?? null);
    }),
});

function stepsOf(part: Part, changes: readonly Change[], seen: SeenPart): readonly Step[] {
  if (seen === null) return [];
  // Each was observed as what it is declared as.
  if (part.is === 'hostname') return hostnameSteps(part, changes, seen as SeenHostname);
  if (part.is === 'resolver') return [resolverStep(part, seen as ResolverComparison)];
  if (part.is === 'ethtool') return [cardStep(part, seen as CardComparison)];
  return [stepFor(seen as Comparison, askedOf(part))];
}

function observe(result: SectionResult, declared: readonly Declared[]): readonly (readonly SeenPart[])[] {
  const text = result.code === 0 ? new TextDecoder().decode(result.stdout) : '';
  const sections = sectionsOf(text);
  const host = readHost(sections);
  const resolver = readResolver(sections);
  const hostname = readHostname(text);
  const paths = declared.flatMap(partsOf).filter(isPath);
  const compared = new Map<Part, Comparison>(
    (host === undefined ? [] : compareNetwork(paths, host)).map((each, at) => [paths[at] as Part, each]),
  );
  const until = host === undefined ? undefined : forgets(host);
  const told = <Seen extends Compared>(seen: Seen | null): Seen | null =>
    seen !== null && until !== undefined && differs(seen) ? { ...seen, notes: [...seen.notes, until] } : seen;
  const seenOf = (part: Part): SeenPart => {
    if (part.is === 'hostname') return hostname;
    if (host === undefined) return null;
    if (part.is === 'resolver') return resolver === undefined ? null : told(compareResolver(part, resolver));
    if (part.is === 'ethtool') return told(compareCard(part, readCard(sections, part.device), host));
    const seen = compared.get(part);
    if (seen === undefined) return null;
    // Who takes name servers from ifupdown is told where that is compared.
    const unheard =
      part.is === 'link' && resolver !== undefined && seen.by === 'networkd' && seen.problems.length === 0
        ? unheardNames(part, resolver)
        : undefined;
    return told(unheard === undefined ? seen : { ...seen, notes: [...seen.notes, unheard] });
  };
  return declared.map((each) => partsOf(each).map(seenOf));
}

function namesServers(part: Part): boolean {
  return part.is === 'link' && part.dns.length + part.domains.length > 0;
}

function differs({ differences, files }: Compared): boolean {
  return differences.length > 0 || files.some(({ want, have }) => want !== have);
}

function askedOf(declared: Desired): Asked {
  if (declared.is !== 'link') {
    const title =
      declared.is === 'absent'
        ? `take ${declared.name} away`
        : declared.is === 'routes'
          ? `set the routes of ${declared.name}`
          : declared.is === 'route'
            ? `set the route to ${declared.to}`
            : `set rule ${declared.priority}`;
    const routes = declared.is === 'routes' ? declared.routes : declared.is === 'route' ? [declared] : [];
    const gateways = routes.flatMap(({ via, onlink }) => (via === undefined || onlink ? [] : [via]));
    return { title, gateways, peers: [], mtu: undefined, partner: false };
  }
  const { name, kind, gateways, peers, mtu, bond } = declared;
  const partner = bond?.mode === '802.3ad' && bond.requirePartner;
  return { title: `set up ${kind === 'interface' ? '' : `${kind} `}${name}`, gateways, peers, mtu, partner };
}
