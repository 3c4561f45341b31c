import { InvariantError } from '../diagnostics/errors.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { describeExpected, jsonType } from './expected.ts';
import type { ArgumentPath } from './node-json.ts';

/** One way in which arguments break their schema. */
export interface Fault {
  readonly kind: 'unknown' | 'missing' | 'value';
  /** The value, or for an unknown key the key itself. */
  readonly at: ArgumentPath;
  /** What is expected here, in plain words. */
  readonly expected: string;
  /** Keys the schema knows, for an unknown one. */
  readonly known: readonly string[];
}

type Check = (schema: JsonObject, value: Json, at: ArgumentPath) => readonly Fault[];

/**
 * Every way in which a value breaks a schema of the flat sort that state functions have. Agrees with ajv, which takes
 * longer to load than a whole plan to compile.
 * @throws InvariantError for a keyword it does not know, so that none is silently ignored.
 */
export function checkArguments(schema: JsonObject, value: Json, at: ArgumentPath = []): readonly Fault[] {
  const faults: Fault[] = [];
  for (const keyword of Object.keys(schema)) {
    if (ANNOTATIONS.has(keyword)) continue;
    const check = CHECKS.get(keyword);
    if (check === undefined) throw new InvariantError(`schema keyword ${keyword} is not supported`);
    faults.push(...check(schema, value, at));
    if (keyword === 'type' && faults.length > 0) return faults;
  }
  return faults;
}

const ANNOTATIONS: ReadonlySet<string> = new Set(['title', 'description', 'default', 'examples', '$comment']);

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['type', (schema, value, at) => unless(hasType(schema, value), schema, at)],
  ['const', (schema, value, at) => unless(same(schema['const'], value), schema, at)],
  [
    'enum',
    (schema, value, at) =>
      unless(
        list(schema['enum']).some((each) => same(each, value)),
        schema,
        at,
      ),
  ],
  ['pattern', (schema, value, at) => unless(matches(schema, value), schema, at)],
  ['minimum', (schema, value, at) => unless(!(Number(schema['minimum']) > number(value)), schema, at)],
  ['maximum', (schema, value, at) => unless(!(Number(schema['maximum']) < number(value)), schema, at)],
  ['minLength', (schema, value, at) => unless(!(Number(schema['minLength']) > length(value)), schema, at)],
  ['maxLength', (schema, value, at) => unless(!(Number(schema['maxLength']) < length(value)), schema, at)],
  ['minItems', (schema, value, at) => unless(!(Number(schema['minItems']) > count(value)), schema, at)],
  ['maxItems', (schema, value, at) => unless(!(Number(schema['maxItems']) < count(value)), schema, at)],
  [
    'minProperties',
    (schema, value, at) =>
      unless(!isObject(value) || Object.keys(value).length >= Number(schema['minProperties']), schema, at),
  ],
  ['required', checkRequired],
  ['properties', checkProperties],
  ['additionalProperties', checkAdditional],
  ['items', checkItems],
  ['anyOf', (schema, value, at) => checkAlternatives(schema, value, at, (fits) => fits > 0)],
  ['oneOf', (schema, value, at) => checkAlternatives(schema, value, at, (fits) => fits === 1)],
]);

function checkRequired(schema: JsonObject, value: Json, at: ArgumentPath): readonly Fault[] {
  if (!isObject(value)) return [];
  const missing = list(schema['required']).filter(
    (key) => typeof key === 'string' && !Object.hasOwn(value, key),
  );
  return missing.map((key) => {
    const name = text(key);
    const expected = describeExpected(object(object(schema['properties'] ?? {})[name] ?? {}));
    return { kind: 'missing', at: [...at, name], expected, known: [] };
  });
}

function checkProperties(schema: JsonObject, value: Json, at: ArgumentPath): readonly Fault[] {
  if (!isObject(value)) return [];
  const properties = object(schema['properties']);
  return Object.entries(value).flatMap(([key, each]) =>
    Object.hasOwn(properties, key) ? checkArguments(object(properties[key]), each, [...at, key]) : [],
  );
}

function checkAdditional(schema: JsonObject, value: Json, at: ArgumentPath): readonly Fault[] {
  const rule = schema['additionalProperties'];
  if (!isObject(value) || rule === true) return [];
  const known = Object.keys(object(schema['properties'] ?? {}));
  const others = Object.keys(value).filter((key) => !known.includes(key));
  if (rule !== false)
    return others.flatMap((key) => checkArguments(object(rule), value[key] ?? null, [...at, key]));
  return others.map((key) => ({ kind: 'unknown', at: [...at, key], expected: '', known }));
}

function checkItems(schema: JsonObject, value: Json, at: ArgumentPath): readonly Fault[] {
  if (!isList(value)) return [];
  const items = object(schema['items']);
  return value.flatMap((each, index) => checkArguments(items, each, [...at, index]));
}

/** When just one alternative is of the value's type, its own faults say more than "none fits". */
function checkAlternatives(
  schema: JsonObject,
  value: Json,
  at: ArgumentPath,
  enough: (fits: number) => boolean,
): readonly Fault[] {
  const alternatives = list(schema['anyOf'] ?? schema['oneOf']).map(object);
  const faults = alternatives.map((each) => checkArguments(each, value, at));
  if (enough(faults.filter((each) => each.length === 0).length)) return [];
  const near = faults.filter((each) => each.length > 0 && each.every((fault) => fault.at.length > at.length));
  const [only] = near;
  return near.length === 1 && only !== undefined ? only : unless(false, schema, at);
}

function unless(right: boolean, schema: JsonObject, at: ArgumentPath): readonly Fault[] {
  return right ? [] : [{ kind: 'value', at, expected: describeExpected(schema), known: [] }];
}

function hasType(schema: JsonObject, value: Json): boolean {
  const wanted = [schema['type']].flat();
  const type = jsonType(value);
  return wanted.includes(type) || (type === 'integer' && wanted.includes('number'));
}

const PATTERNS = new Map<string, RegExp>();

function matches(schema: JsonObject, value: Json): boolean {
  if (typeof value !== 'string') return true;
  const source = text(schema['pattern']);
  const pattern = PATTERNS.get(source) ?? new RegExp(source, 'u');
  PATTERNS.set(source, pattern);
  return pattern.test(value);
}

function same(a: Json | undefined, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** NaN, so no comparison holds, for what is no number. */
const number = (value: Json): number => (typeof value === 'number' ? value : NaN);
/** In code points, as JSON Schema counts. */
const length = (value: Json): number => (typeof value === 'string' ? Array.from(value).length : NaN);
const count = (value: Json): number => (isList(value) ? value.length : NaN);

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

function text(value: Json | undefined): string {
  if (typeof value !== 'string') throw new InvariantError('a schema needs text here');
  return value;
}

function list(value: Json | undefined): readonly Json[] {
  if (!isList(value)) throw new InvariantError('a schema needs a list here');
  return value;
}

function object(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new InvariantError('a schema needs an object here');
  return value;
}
