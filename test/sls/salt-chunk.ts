import type { Json } from '../../lib/model/json.ts';
import type { Chunk } from '../../lib/model/state.ts';
import { isRequisite } from '../../lib/sls/requisite-words.ts';
import { nodeToJson } from '../../lib/yaml/node-value.ts';

/** A chunk as `state.show_lowstate` prints it, without its environment. */
export type SaltChunk = Record<string, Json>;

/** A chunk in Salt's form. */
export function saltChunk(chunk: Chunk): SaltChunk {
  const args = [...chunk.args].map(([name, { value }]): [string, Json] => [name, nodeToJson(value)]);
  return {
    ...Object.fromEntries(args),
    state: chunk.module,
    fun: chunk.fun,
    name: chunk.name,
    order: chunk.order,
    __id__: chunk.id,
    __sls__: chunk.sls,
  };
}

/** A chunk with its requisites as sorted sets: Salt repeats some of them, which changes nothing. */
export function withRequisiteSets(chunk: SaltChunk): SaltChunk {
  return Object.fromEntries(
    Object.entries(chunk).map(([name, value]) =>
      (isRequisite(name) || name === 'prerequired') && Array.isArray(value)
        ? [name, [...new Set(value.map((item) => JSON.stringify(item)))].toSorted()]
        : [name, value],
    ),
  );
}
