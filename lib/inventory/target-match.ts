import type { Dict, Value } from '../model/value.ts';
import { matchGlob } from '../regex/glob.ts';
import { isInNetwork } from './ip-network.ts';
import type { IpNetwork } from './ip-network.ts';
import { matchData } from './match-data.ts';
import { matchPcre } from './pcre.ts';
import type { Subject, Target, Term } from './target.ts';

/** Whether a target picks a host. A test of grains or pillar that are not given holds neither way, so it never picks. */
export function matchTarget(target: Target, subject: Subject): boolean {
  return evaluate(target, subject) === true;
}

/** Whether a target picks a host, or might once its grains and pillar are known. */
export function couldMatch(target: Target, subject: Subject): boolean {
  return evaluate(target, subject) !== false;
}

/** True, false, or undefined where that depends on what is not known yet. */
function evaluate(target: Target, subject: Subject): boolean | undefined {
  if (target.type === 'and' || target.type === 'or')
    return decide(target.terms, subject, target.type === 'or');
  if (target.type !== 'not') return test(target, subject);
  const value = evaluate(target.term, subject);
  return value === undefined ? undefined : !value;
}

/** @param decisive the value of one term that settles the whole. */
function decide(terms: readonly Target[], subject: Subject, decisive: boolean): boolean | undefined {
  let isOpen = false;
  for (const term of terms) {
    const value = evaluate(term, subject);
    if (value === decisive) return decisive;
    if (value === undefined) isOpen = true;
  }
  return isOpen ? undefined : !decisive;
}

function test(term: Term, { host, grains, pillar }: Subject): boolean | undefined {
  switch (term.type) {
    case 'word':
      return (
        matchGlob(term.word, host.name) ||
        host.groups.includes(term.word) ||
        (term.names?.has(host.name) ?? false)
      );
    case 'glob':
      return matchGlob(term.pattern, host.name);
    case 'list':
      return term.names.has(host.name);
    case 'pcre':
      return matchPcre(term.regex, host.name);
    case 'group':
      return host.groups.includes(term.name);
    case 'kind':
      return host.kind === term.kind;
    case 'label': {
      const value = host.labels.get(term.name);
      return value !== undefined && matchGlob(term.pattern, value);
    }
    case 'grain':
      return grains && matchData(grains, term.query);
    case 'pillar':
      return pillar && matchData(pillar, term.query);
    case 'network':
      return grains && matchAddresses(grains, term.network);
  }
}

/** Salt looks the addresses up in the grains ipv4 and ipv6. */
function matchAddresses(grains: Dict, network: IpNetwork): boolean {
  const addresses: Value = grains.get(network.version === 6 ? 'ipv6' : 'ipv4') ?? [];
  return (
    Array.isArray(addresses) &&
    addresses.some((address) => typeof address === 'string' && isInNetwork(address, network))
  );
}
