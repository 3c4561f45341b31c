import type { Dict } from '../model/value.ts';
import type { Host } from '../model/inventory.ts';
import type { Regex } from '../regex/regex.ts';
import type { IpNetwork } from './ip-network.ts';
import type { DataQuery } from './match-data.ts';

/** An expression that picks hosts. */
export type Target =
  | { readonly type: 'and'; readonly terms: readonly Target[] }
  | { readonly type: 'or'; readonly terms: readonly Target[] }
  | { readonly type: 'not'; readonly term: Target }
  | Term;

/** One test of a target. */
export type Term =
  /** A bare word: a glob on the name, the name of a group, or a range as slab prints it (`names`). */
  | { readonly type: 'word'; readonly word: string; readonly names?: ReadonlySet<string> }
  /** Salt's glob: the name and nothing else. */
  | { readonly type: 'glob'; readonly pattern: string }
  | { readonly type: 'list'; readonly names: ReadonlySet<string> }
  | { readonly type: 'pcre'; readonly regex: Regex }
  | { readonly type: 'group'; readonly name: string }
  | { readonly type: 'kind'; readonly kind: Host['kind'] }
  | { readonly type: 'label'; readonly name: string; readonly pattern: string }
  | { readonly type: 'grain'; readonly query: DataQuery }
  | { readonly type: 'pillar'; readonly query: DataQuery }
  | { readonly type: 'network'; readonly network: IpNetwork };

/** A host and what is known of it. */
export interface Subject {
  readonly host: Host;
  readonly grains?: Dict;
  readonly pillar?: Dict;
}

/** What has to be known of a host before a target can be decided. */
interface TargetNeeds {
  readonly grains: boolean;
  readonly pillar: boolean;
}

/** What a target asks for besides the inventory. */
export function targetNeeds(target: Target): TargetNeeds {
  switch (target.type) {
    case 'and':
    case 'or': {
      const needs = target.terms.map(targetNeeds);
      return { grains: needs.some(({ grains }) => grains), pillar: needs.some(({ pillar }) => pillar) };
    }
    case 'not':
      return targetNeeds(target.term);
    case 'grain':
    case 'network':
      return { grains: true, pillar: false };
    case 'pillar':
      return { grains: false, pillar: true };
    case 'word':
    case 'glob':
    case 'list':
    case 'pcre':
    case 'group':
    case 'kind':
    case 'label':
      return { grains: false, pillar: false };
  }
}
