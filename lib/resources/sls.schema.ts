import type { Json, JsonObject } from '../model/json.ts';
import type { FunctionSpec, Kind } from '../model/resource.ts';
import { globalArguments } from './global-arguments.ts';
import { globalSchemas, sharedSchemas } from './global-schema.ts';

/** Every argument that every state takes; those without a schema of their own may be anything. */
const everywhere: JsonObject = Object.fromEntries(
  [...globalArguments].map((name) => [name, globalSchemas[name] ?? true]),
);

/**
 * The JSON Schema (draft 7) of SLS files without templates, for editors: state functions, their arguments, requisites.
 * It refuses only what `slab check` refuses; what depends on other files or on the host is left to that.
 */
export function slsSchema(kinds: Iterable<Kind>): JsonObject {
  const definitions: Record<string, Json> = { ...sharedSchemas };
  const states: Record<string, Json> = {};
  const short: string[] = [];
  for (const kind of kinds) {
    for (const [fun, spec] of Object.entries(kind.functions)) {
      const name = `${kind.name}.${fun}`;
      definitions[name] = { description: describeSpec(spec), ...argumentForms(propertiesOf(spec), []) };
      states[name] = { $ref: `#/definitions/${name}` };
      short.push(name);
    }
    const together = union(Object.values(kind.functions).map(propertiesOf));
    const functions = Object.keys(kind.functions);
    definitions[kind.name] = { description: kind.summary, ...argumentForms(together, functions) };
    states[kind.name] = { $ref: `#/definitions/${kind.name}` };
  }
  const body = {
    type: 'object',
    minProperties: 1,
    properties: states,
    patternProperties: { '^_': true },
    additionalProperties: false,
  };
  const oneName = { type: 'object', minProperties: 1, maxProperties: 1 };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'SLS file',
    type: ['object', 'null'],
    properties: {
      include: {
        description: 'SLS whose states come first',
        type: 'array',
        items: { anyOf: [{ type: 'string' }, oneName] },
      },
      exclude: {
        description: 'SLS or IDs to leave out',
        type: 'array',
        items: { anyOf: [{ type: 'string' }, oneName] },
      },
      extend: {
        description: 'changes to states that other SLS declare',
        type: ['object', 'null'],
        additionalProperties: { ...body, description: 'the ID of the state to change' },
      },
    },
    additionalProperties: {
      description: 'an ID, and below it what shall be',
      anyOf: [body, { enum: short }],
    },
    definitions,
  };
}

/** Salt's list of one-key mappings, or one mapping. A word alone in the list names the function. */
function argumentForms(own: JsonObject, functions: readonly string[]): JsonObject {
  const properties = { ...everywhere, ...own };
  const mapping = { type: 'object', properties, additionalProperties: false };
  const words = functions.length === 0 ? [] : [{ enum: functions }];
  return { anyOf: [{ type: 'array', items: { anyOf: [...words, mapping] } }, mapping] };
}

function describeSpec(spec: FunctionSpec): string {
  return [spec.summary, ...spec.examples.slice(0, 1)].join('\n\n');
}

function propertiesOf(spec: FunctionSpec): JsonObject {
  return (spec.schema['properties'] ?? {}) as JsonObject;
}

/** Properties of several functions as one: where they differ, either will do. */
function union(all: readonly JsonObject[]): JsonObject {
  const found = new Map<string, Json[]>();
  for (const [name, schema] of all.flatMap((each) => Object.entries(each))) {
    const known = found.get(name) ?? [];
    found.set(name, known);
    if (!known.some((other) => JSON.stringify(other) === JSON.stringify(schema))) known.push(schema);
  }
  return Object.fromEntries(
    [...found].map(([name, [first = true, ...others]]) => [
      name,
      others.length === 0 ? first : { anyOf: [first, ...others] },
    ]),
  );
}
