import type { Node } from '../model/node.ts';

/** What a tag of Salt's yamlex asks for, by node: to join with what comes under the same key, or to replace it. */
export type Marks = Map<Node, 'aggregate' | 'reset'>;

/** The mark that a tag is; undefined for every other tag. */
export function markOf(tag: string | undefined): 'aggregate' | 'reset' | undefined {
  return tag === '!aggregate' ? 'aggregate' : tag === '!reset' ? 'reset' : undefined;
}
