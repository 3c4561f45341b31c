import type { Json } from '../../lib/model/json.ts';
import type { Node } from '../../lib/model/node.ts';
import type { SourceRange } from '../../lib/model/source.ts';
import type { Chunk, ChunkArgument, ChunkKey } from '../../lib/model/state.ts';
import type { Scalar } from '../../lib/model/value.ts';

/** What a chunk is made from in tests: a state function and plain arguments. */
export interface ChunkSpec {
  readonly module: string;
  readonly fun: string;
  readonly name: string;
  readonly id?: string;
  readonly args?: Readonly<Record<string, Json>>;
}

/**
 * A chunk as the compiler would hand it over. Argument n (from 0) stands on line 10 + n: its key in column 5, its
 * value in column 9; whatever is inside a value has a line of its own further down, a key in column 11, a value in 15.
 */
export function chunkOf({ module, fun, name, id = name, args = {} }: ChunkSpec): Chunk {
  const entries = Object.entries(args).map(([key, value], index): [string, ChunkArgument] => [
    key,
    { source: at(10 + index, 5), value: nodeOf(value, at(10 + index, 9)) },
  ]);
  return {
    key: `${module}_|-${id}_|-${name}_|-${fun}` as ChunkKey,
    id,
    module,
    fun,
    name,
    order: 10000,
    sls: 'test',
    env: 'base',
    args: new Map(entries),
    requisites: [],
    source: at(9, 3),
  };
}

/** A document tree of plain data. */
function nodeOf(value: Json, source: SourceRange): Node {
  let line = source.line * 10;
  const inner = (column: number): SourceRange => at(++line, column);
  if (Array.isArray(value))
    return { type: 'list', source, items: (value as Json[]).map((each) => nodeOf(each, inner(15))) };
  if (typeof value !== 'object' || value === null) return { type: 'scalar', source, value: scalar(value) };
  const entries = Object.entries(value).map(([key, each]) => {
    const place = inner(11);
    const keyNode: Node = { type: 'scalar', source: place, value: key };
    return { key: keyNode, value: nodeOf(each, { ...place, column: 15 }) };
  });
  return { type: 'map', source, entries };
}

function scalar(value: null | boolean | number | string): Scalar {
  return typeof value === 'number' && !Number.isInteger(value) ? { float: value } : value;
}

function at(line: number, column: number): SourceRange {
  return { file: 'states/test.sls', line, column };
}
