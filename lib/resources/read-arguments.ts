import type { Json, JsonObject } from '../model/json.ts';
import type { Node } from '../model/node.ts';
import type { FunctionSpec } from '../model/resource.ts';
import type { Chunk, ChunkArgument } from '../model/state.ts';
import { checkArguments, type Fault } from './check-arguments.ts';
import { commandOptions, globalArguments } from './global-arguments.ts';
import { argumentsToJson } from './node-json.ts';
import { unknownArguments } from './unknown-arguments.ts';

/** What a state's arguments say to its function, whichever host it is for. */
export interface Reading {
  readonly name: string;
  readonly spec: FunctionSpec;
  /** Those that are for the function, not for the run. */
  readonly own: ReadonlyMap<string, ChunkArgument>;
  readonly written: JsonObject;
  readonly faults: readonly Fault[];
  /** Those that the function does not know; templates of files see them as variables, as in Salt. */
  readonly unknown: ReadonlyMap<string, Node>;
  /** Those that hold Salt's `__slot__:`, replaced just before a state runs; kept as it is, it would end up in files. */
  readonly slots: readonly string[];
}

/** By the arguments themselves, which hosts share that render a state alike. */
const readings = new WeakMap<Chunk['args'], Reading>();

/** Reads the arguments of a state, once for all hosts that share them. */
export function readArguments(chunk: Chunk, spec: FunctionSpec): Reading {
  const known = readings.get(chunk.args);
  if (known?.name === chunk.name && known.spec === spec) return known;
  const own = ownArguments(chunk, spec);
  const written = argumentsToJson(own);
  const reading = {
    ...{ name: chunk.name, spec, own, written },
    faults: faultsOf(spec, chunk.name, written),
    unknown: unknownArguments(chunk, spec),
    slots: slotsIn(written),
  };
  readings.set(chunk.args, reading);
  return reading;
}

/** What is wrong with the arguments of a function, which may count the name among them. */
export function faultsOf(spec: FunctionSpec, name: string, args: JsonObject): readonly Fault[] {
  const listsName = Object.hasOwn(propertiesOf(spec), 'name');
  return checkArguments(spec.schema, listsName ? { name, ...args } : args).filter(
    (fault) => fault.kind !== 'missing' || fault.at[0] !== 'name',
  );
}

/** A function that lists a global argument in its own schema keeps it. */
function ownArguments(chunk: Chunk, spec: FunctionSpec): ReadonlyMap<string, ChunkArgument> {
  const properties = propertiesOf(spec);
  const asks = chunk.args.has('unless') || chunk.args.has('onlyif');
  const own = new Map<string, ChunkArgument>();
  for (const [name, argument] of chunk.args) {
    const taken = globalArguments.has(name) || (asks && commandOptions.has(name));
    if (!taken || Object.hasOwn(properties, name)) own.set(name, argument);
  }
  return own;
}

function slotsIn(args: JsonObject): readonly string[] {
  return Object.keys(args).filter((name) => {
    const value = args[name] ?? null;
    const near: readonly Json[] =
      typeof value === 'object' && value !== null ? Object.values(value) : [value];
    return near.some((each: Json) => typeof each === 'string' && each.startsWith('__slot__:'));
  });
}

/** Schemas of a function's own arguments. */
function propertiesOf(spec: FunctionSpec): JsonObject {
  return (spec.schema['properties'] ?? {}) as JsonObject;
}
