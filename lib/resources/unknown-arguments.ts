import type { Node } from '../model/node.ts';
import type { FunctionSpec } from '../model/resource.ts';
import type { Chunk } from '../model/state.ts';
import { globalArguments } from './global-arguments.ts';

/** Arguments that a state function does not know; templates of files see them as variables, as in Salt. */
export function unknownArguments(chunk: Chunk, spec: FunctionSpec): ReadonlyMap<string, Node> {
  const properties = (spec.schema['properties'] ?? {}) as object;
  const unknown = new Map<string, Node>();
  for (const [name, { value }] of chunk.args)
    if (!Object.hasOwn(properties, name) && !globalArguments.has(name)) unknown.set(name, value);
  return unknown;
}
