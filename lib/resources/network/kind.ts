import type { Change } from '../../model/change.ts';
import type { Diff } from '../../model/resource.ts';
import type { SectionResult } from '../../model/script.ts';
import { compareNetwork } from '../../network/compare.ts';
import { findConflicts } from '../../network/conflicts.ts';
import type { Compared, Comparison } from '../../network/comparison.ts';
import type { Desired } from '../../network/desired.ts';
import { type CardComparison, compareCard, type DesiredCard } from '../../network/ethtool.ts';
import {
  compareResolver,
  type DesiredResolver,
  RESOLV_CONF,
  RESOLVED_FILE,
  type ResolverComparison,
} from '../../network/resolver.ts';
import { readCard, readResolver } from '../../network/read-settings.ts';
import { sectionsOf } from '../../network/sections.ts';
import { ownOf } from '../../network/unshared.ts';
import { forgets } from '../../network/host.ts';
import { readHost } from '../../network/read-host.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { functions } from './functions.ts';
import { parseNetwork } from './parse.ts';
import { cardStep, resolverStep } from './settings-steps.ts';
import { type Asked, stepFor } from './steps.ts';

const probe = scriptFile(import.meta.url, './probe.sh');

/** Everything that is declared of a host's network. */
type Declared = Desired | DesiredResolver | DesiredCard;
type Seen = Comparison | ResolverComparison | CardComparison | null;

/** Interfaces, routes and rules by systemd-networkd, the resolver and settings of cards, running and stored. */
export const network = defineKind<Declared, Seen>({
  name: 'network',
  summary:
    'interfaces, VLANs, bridges, bonds, routes, rules, name servers and settings of cards, running and stored',
  functions,
  parse: parseNetwork,
  identify: (declared) => {
    if (declared.is === 'resolver')
      return [keyOf(declared), `file:${declared.owner === 'resolved' ? RESOLVED_FILE : RESOLV_CONF}`];
    return declared.is === 'routes' ? declared.routes.map(keyOf) : [keyOf(declared)];
  },
  needs,
  conflicts: (all) => {
    const paths = all.flatMap((each, at) => (isPath(each) ? [{ each, at }] : []));
    const place = (at: number): number => paths[at]?.at ?? at;
    return findConflicts(paths.map(({ each }) => each)).map(({ with: other, ...conflict }) => ({
      ...{ ...conflict, at: place(conflict.at) },
      ...(other === undefined ? {} : { with: place(other) }),
    }));
  },
  unshared: (declared) => (isPath(declared) ? ownOf(declared) : []),
  probe: (declared) =>
    probe([
      ...(declared.some(({ is }) => is === 'resolver') ? ['resolver'] : []),
      ...declared.flatMap((each) => (each.is === 'ethtool' ? [`card:${each.device}`] : [])),
    ]),
  observe,
  diff,
  steps: (declared, _changes, observed) => {
    if (observed === null) return [];
    // Each was observed as what it is declared as.
    if (declared.is === 'resolver') return [resolverStep(declared, observed as ResolverComparison)];
    if (declared.is === 'ethtool') return [cardStep(declared, observed as CardComparison)];
    return [stepFor(observed as Comparison, askedOf(declared))];
  },
});

/** Whether networkd does it. */
function isPath(declared: Declared): declared is Desired {
  return declared.is !== 'resolver' && declared.is !== 'ethtool';
}

function keyOf(declared: Declared): string {
  switch (declared.is) {
    case 'route': {
      const { to, table, metric } = declared;
      return `network:route ${to} table ${table}${metric === undefined ? '' : ` metric ${metric}`}`;
    }
    case 'routes':
      return declared.routes[0] === undefined ? `network:routes ${declared.name}` : keyOf(declared.routes[0]);
    case 'resolver':
      return 'network:resolver';
    case 'ethtool':
      return `network:ethtool ${declared.device}`;
    case 'rule':
      return `network:rule ${declared.priority}`;
    default:
      return `network:${declared.name}`;
  }
}

/** What it stands on comes first. */
function needs(declared: Declared): readonly string[] {
  if (declared.is === 'absent') return [];
  if (declared.is === 'resolver') return ['pkg:systemd-resolved', 'service:systemd-resolved'];
  if (declared.is === 'ethtool') return ['pkg:ethtool', `network:${declared.device}`];
  const lower =
    declared.is === 'link'
      ? [declared.vlan?.parent, ...(declared.bridge?.ports ?? []), ...(declared.bond?.members ?? [])]
      : [declared.is === 'routes' ? declared.name : declared.device];
  return lower.flatMap((name) => (name === undefined ? [] : [`network:${name}`]));
}

function observe(result: SectionResult, declared: readonly Declared[]): readonly Seen[] {
  const sections = result.code === 0 ? sectionsOf(new TextDecoder().decode(result.stdout)) : [];
  const host = readHost(sections);
  if (host === undefined) return declared.map(() => null);
  const resolver = readResolver(sections);
  const paths = declared.filter(isPath);
  const compared = new Map<Declared, Seen>(
    compareNetwork(paths, host).map((each, at) => [paths[at] as Declared, each]),
  );
  const seenOf = (each: Declared): Seen => {
    if (each.is === 'resolver') return resolver === undefined ? null : compareResolver(each, resolver);
    if (each.is === 'ethtool') return compareCard(each, readCard(sections, each.device), host);
    return compared.get(each) ?? null;
  };
  const until = forgets(host);
  return declared.map((each) => {
    const seen = seenOf(each);
    const isTold = seen !== null && until !== undefined && differs(seen);
    return isTold ? { ...seen, notes: [...seen.notes, until] } : seen;
  });
}

function differs({ differences, files }: Compared): boolean {
  return differences.length > 0 || files.some(({ want, have }) => want !== have);
}

function diff(declared: Declared, seen: Seen): Diff {
  if (seen === null)
    return {
      changes: [],
      predicted: {},
      problems: ['the host did not say how its network is (is there ip, of iproute2?)'],
    };
  const changes = changesOf(keyOf(declared), seen);
  const problems = [...seen.problems, ...(changes.length > 0 ? seen.refusals : [])];
  const notes = seen.notes.length > 0 ? { notes: seen.notes } : {};
  if (problems.length > 0) return { changes: [], predicted: {}, problems, ...notes };
  const { shortfalls = [] } = seen;
  const access = changes.length > 0 && seen.access !== '' ? { access: seen.access } : {};
  return {
    ...{ changes, predicted: changes.length > 0 ? { [keyOf(declared)]: true } : {}, ...notes, ...access },
    ...(shortfalls.length > 0 ? { shortfalls } : {}),
  };
}

/** What runs and what is stored are two things: either may be right without the other. */
function changesOf(object: string, seen: Compared): readonly Change[] {
  const running = seen.differences.map(({ field, action, before, after }): Change => ({
    ...{ object, field, action, before, after, risk: 'disrupt', certainty: 'exact' },
  }));
  const risk = running.length > 0 || seen.access !== '' ? 'disrupt' : 'change';
  // One of netplan's files may be about several interfaces.
  const stored = [...new Map(seen.files.map((file) => [file.path, file])).values()]
    .filter(({ want, have }) => want !== have)
    .map(({ path, want, have }): Change => {
      const action = have === null ? 'create' : want === null ? 'remove' : 'update';
      return {
        ...{ object, field: 'stored', action, before: have === null ? null : 'otherwise' },
        ...{ after: want === null ? null : path, risk, certainty: 'exact', why: 'the next boot reads it' },
        text: { before: have, after: want, hidden: false },
      };
    });
  return [...running, ...stored];
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
