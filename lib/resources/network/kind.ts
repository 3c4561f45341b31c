import type { Change } from '../../model/change.ts';
import type { Diff } from '../../model/resource.ts';
import type { SectionResult } from '../../model/script.ts';
import { compareNetwork } from '../../network/compare.ts';
import { findConflicts } from '../../network/conflicts.ts';
import type { Comparison } from '../../network/comparison.ts';
import type { Desired } from '../../network/desired.ts';
import { ownOf } from '../../network/unshared.ts';
import { readHost } from '../../network/read-host.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { functions } from './functions.ts';
import { parseNetwork } from './parse.ts';
import { type Asked, stepFor } from './steps.ts';

const probe = scriptFile(import.meta.url, './probe.sh');

/** Interfaces, routes and rules, running and stored, by systemd-networkd. */
export const network = defineKind<Desired, Comparison | null>({
  name: 'network',
  summary: 'interfaces, VLANs, bridges, bonds, routes and rules, running and stored',
  functions,
  parse: parseNetwork,
  identify: (declared) => (declared.is === 'routes' ? declared.routes.map(keyOf) : [keyOf(declared)]),
  needs,
  conflicts: findConflicts,
  unshared: ownOf,
  probe: () => probe([]),
  observe,
  diff,
  steps: (declared, changes, observed) =>
    observed === null || changes.length === 0 ? [] : [stepFor(observed, askedOf(declared))],
});

function keyOf(declared: Desired): string {
  switch (declared.is) {
    case 'route': {
      const { to, table, metric } = declared;
      return `network:route ${to} table ${table}${metric === undefined ? '' : ` metric ${metric}`}`;
    }
    case 'routes':
      return declared.routes[0] === undefined ? `network:routes ${declared.name}` : keyOf(declared.routes[0]);
    case 'rule':
      return `network:rule ${declared.priority}`;
    default:
      return `network:${declared.name}`;
  }
}

/** What it stands on comes first. */
function needs(declared: Desired): readonly string[] {
  if (declared.is === 'absent') return [];
  const lower =
    declared.is === 'link'
      ? [declared.vlan?.parent, ...(declared.bridge?.ports ?? []), ...(declared.bond?.members ?? [])]
      : [declared.is === 'routes' ? declared.name : declared.device];
  return lower.flatMap((name) => (name === undefined ? [] : [`network:${name}`]));
}

function observe(result: SectionResult, declared: readonly Desired[]): readonly (Comparison | null)[] {
  const host = result.code === 0 ? readHost(new TextDecoder().decode(result.stdout)) : undefined;
  return host === undefined ? declared.map(() => null) : compareNetwork(declared, host);
}

function diff(declared: Desired, seen: Comparison | null): Diff {
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
  const access = changes.length > 0 && seen.access !== '' ? { access: seen.access } : {};
  return { changes, predicted: changes.length > 0 ? { [keyOf(declared)]: true } : {}, ...notes, ...access };
}

/** What runs and what is stored are two things: either may be right without the other. */
function changesOf(object: string, seen: Comparison): readonly Change[] {
  const running = seen.differences.map(({ field, action, before, after }): Change => ({
    ...{ object, field, action, before, after, risk: 'disrupt', certainty: 'exact' },
  }));
  const risk = running.length > 0 || seen.access !== '' ? 'disrupt' : 'change';
  const stored = seen.files
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
