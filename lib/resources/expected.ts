import type { Json, JsonObject } from '../model/json.ts';

/** JSON Schema's name of a value's type; a number without a fraction is an `integer`. */
export function jsonType(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** What a schema asks for, in plain words: its `title` where it has one. */
export function describeExpected(schema: JsonObject): string {
  const title = schema['title'];
  if (typeof title === 'string') return title;
  const allowed = schema['enum'] ?? (schema['const'] === undefined ? undefined : [schema['const']]);
  if (Array.isArray(allowed)) return orList((allowed as readonly Json[]).map((each) => JSON.stringify(each)));
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives))
    return orList((alternatives as readonly JsonObject[]).map(describeExpected));
  const types = [schema['type'] ?? []].flat().filter((type) => typeof type === 'string');
  return `${orList(types.map((type) => TYPES.get(type) ?? type))}${bounds(schema)}`;
}

/** What a value is, in plain words and short enough for a line. */
export function describeValue(value: Json): string {
  switch (jsonType(value)) {
    case 'array':
      return Array.isArray(value) && value.length === 0 ? 'an empty list' : 'a list';
    case 'object':
      return 'a mapping';
    case 'null':
      return 'nothing';
    default: {
      const text = JSON.stringify(value);
      return text.length > 40 ? `${text.slice(0, 36)}…"` : text;
    }
  }
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a mapping'],
  ['null', 'nothing'],
]);

function bounds(schema: JsonObject): string {
  const { minimum, maximum, minLength, minItems, minProperties, pattern } = schema;
  const said = [
    ...(typeof minimum === 'number' ? [`at least ${minimum}`] : []),
    ...(typeof maximum === 'number' ? [`at most ${maximum}`] : []),
    ...([minLength, minItems, minProperties].includes(1) ? ['that is not empty'] : []),
    ...(typeof pattern === 'string' ? [`that matches ${pattern}`] : []),
  ];
  return said.length === 0 ? '' : ` ${said.join(' and ')}`;
}

function orList(words: readonly string[]): string {
  const all = [...new Set(words)];
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all.at(-1) ?? ''}`;
}
