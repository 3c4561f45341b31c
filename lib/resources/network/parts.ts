import type { DesiredHostname } from '../../hostname/desired.ts';
import type { SeenHostname } from '../../hostname/compare.ts';
import type { Comparison } from '../../network/comparison.ts';
import type { Desired } from '../../network/desired.ts';
import type { CardComparison, DesiredCard } from '../../network/ethtool.ts';
import type { DesiredResolver, ResolverComparison } from '../../network/resolver.ts';

/** What a host is called, as a part of Salt's `network.system`. */
export type Hostname = DesiredHostname & { readonly is: 'hostname' };

/** One thing that is declared of a host's network. */
export type Part = Desired | DesiredResolver | DesiredCard | Hostname;

/** Several things as one state, as Salt's `network.system` and, with offloads of its card, `network.managed` declare. */
export interface Several {
  readonly is: 'system';
  readonly name: string;
  readonly parts: readonly Part[];
}

/** What a chunk declares: one thing, or several. */
export type Declared = Exclude<Part, Hostname> | Several;

/** What was seen of a part; null: the host did not say. */
export type SeenPart = Comparison | ResolverComparison | CardComparison | SeenHostname;

/** The parts of a declaration, in the order in which they are brought about. */
export function partsOf(declared: Declared): readonly Part[] {
  return declared.is === 'system' ? declared.parts : [declared];
}

/** Whether networkd does it. */
export function isPath(part: Part): part is Desired {
  return part.is !== 'resolver' && part.is !== 'ethtool' && part.is !== 'hostname';
}
