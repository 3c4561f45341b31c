import type { Node, ScalarNode } from '../model/node.ts';
import type { Chunk } from '../model/state.ts';
import { keyToText } from '../yaml/node-value.ts';

/**
 * A low state as JSON text, as Salt's `state.show_lowstate --out json` has it: sorted by order, keys of mappings in
 * their order, integers of any size with all their digits.
 */
export function lowText(chunks: readonly Chunk[]): string {
  const lines = chunks.map(chunkText);
  return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n]`;
}

/** Chunks as Salt sorts them: by number, then by state, name and function as one text. */
export function inSaltsOrder(chunks: readonly Chunk[]): readonly Chunk[] {
  const tie = (chunk: Chunk): string => `${chunk.module}${chunk.name}${chunk.fun}`;
  return chunks.toSorted((a, b) => a.order - b.order || (tie(a) < tie(b) ? -1 : 1));
}

function chunkText(chunk: Chunk): string {
  const own: readonly (readonly [string, string])[] = [
    ['state', JSON.stringify(chunk.module)],
    ['name', JSON.stringify(chunk.name)],
    ['__sls__', JSON.stringify(chunk.sls)],
    ['__env__', JSON.stringify(chunk.env)],
    ['__id__', JSON.stringify(chunk.id)],
    ...[...chunk.args].map(([name, { value }]) => [name, nodeText(value)] as const),
    ['order', numberText(chunk.order)],
    ['fun', JSON.stringify(chunk.fun)],
  ];
  // An argument called `order` was read into the chunk's own.
  const members = new Map(own);
  return `{${[...members].map(([name, text]) => `${JSON.stringify(name)}: ${text}`).join(', ')}}`;
}

function nodeText(node: Node): string {
  switch (node.type) {
    case 'scalar':
      return scalarText(node.value);
    case 'list':
      return `[${node.items.map(nodeText).join(', ')}]`;
    case 'map': {
      const members = node.entries.map(({ key, value }) => [keyToText(key), nodeText(value)] as const);
      return `{${members.map(([key, text]) => `${JSON.stringify(key)}: ${text}`).join(', ')}}`;
    }
  }
}

function scalarText(value: ScalarNode['value']): string {
  if (typeof value === 'bigint') return value.toString();
  if (value !== null && typeof value === 'object') return numberText(value.float);
  return JSON.stringify(value);
}

/** JSON has no infinity and no NaN: there they are texts. */
function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : JSON.stringify(String(value));
}
