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

/** Finds what is wrong with a value; the paths of the faults begin at it. */
type Check = (value: Json) => readonly Fault[];

/**
 * Every way in which a value breaks a schema of the flat sort that state functions have. Agrees with ajv, which takes
 * longer to load than a whole plan to compile.
 * @throws InvariantError for a keyword it does not know, so that none is silently ignored.
 */
export function checkArguments(schema: JsonObject, value: Json): readonly Fault[] {
  return checkOf(schema)(value);
}

/** Checks that were made already: a fleet's arguments are checked against the same few schemas. */
const made = new WeakMap<JsonObject, Check>();

function checkOf(schema: JsonObject): Check {
  const check = made.get(schema) ?? makeCheck(schema);
  made.set(schema, check);
  return check;
}

function makeCheck(schema: JsonObject): Check {
  const { type, ...others } = schema;
  const hasType = type === undefined ? () => true : typeTest(type);
  const checks = Object.keys(others)
    .filter((keyword) => !ANNOTATIONS.has(keyword))
    .map((keyword) => {
      const make = CHECKS.get(keyword);
      if (make === undefined) throw new InvariantError(`schema keyword ${keyword} is not supported`);
      return make(schema);
    });
  return (value) => {
    if (!hasType(value)) return wrong(schema);
    let all = NONE;
    for (const check of checks) {
      const faults = check(value);
      if (faults !== NONE) all = all === NONE ? faults : [...all, ...faults];
    }
    return all;
  };
}

/** What every check answers that finds nothing. */
const NONE: readonly Fault[] = [];

const ANNOTATIONS: ReadonlySet<string> = new Set(['title', 'description', 'default', 'examples', '$comment']);

const CHECKS: ReadonlyMap<string, (schema: JsonObject) => Check> = new Map([
  ['const', (schema: JsonObject) => unless(schema, (value) => same(schema['const'], value))],
  [
    'enum',
    (schema) => {
      const allowed = list(schema['enum']);
      return unless(schema, (value) => allowed.some((each) => same(each, value)));
    },
  ],
  [
    'pattern',
    (schema) => {
      const pattern = new RegExp(text(schema['pattern']), 'u');
      return unless(schema, (value) => typeof value !== 'string' || pattern.test(value));
    },
  ],
  ['minimum', (schema) => unless(schema, (value) => !(Number(schema['minimum']) > number(value)))],
  ['maximum', (schema) => unless(schema, (value) => !(Number(schema['maximum']) < number(value)))],
  ['minLength', (schema) => unless(schema, (value) => !(Number(schema['minLength']) > length(value)))],
  ['maxLength', (schema) => unless(schema, (value) => !(Number(schema['maxLength']) < length(value)))],
  ['minItems', (schema) => unless(schema, (value) => !(Number(schema['minItems']) > count(value)))],
  ['maxItems', (schema) => unless(schema, (value) => !(Number(schema['maxItems']) < count(value)))],
  [
    'minProperties',
    (schema) =>
      unless(
        schema,
        (value) => !isObject(value) || Object.keys(value).length >= Number(schema['minProperties']),
      ),
  ],
  ['required', checkRequired],
  ['properties', checkProperties],
  ['additionalProperties', checkAdditional],
  ['items', checkItems],
  ['anyOf', (schema) => checkAlternatives(schema, (fits) => fits > 0)],
  ['oneOf', (schema) => checkAlternatives(schema, (fits) => fits === 1)],
]);

function checkRequired(schema: JsonObject): Check {
  const properties = object(schema['properties'] ?? {});
  const required = list(schema['required']).filter((key) => typeof key === 'string');
  const missing = (key: string): Fault => {
    const expected = describeExpected(object(properties[key] ?? {}));
    return { kind: 'missing', at: [key], expected, known: [] };
  };
  return (value) => {
    if (!isObject(value) || required.every((key) => Object.hasOwn(value, key))) return NONE;
    return required.filter((key) => !Object.hasOwn(value, key)).map(missing);
  };
}

function checkProperties(schema: JsonObject): Check {
  const checks = new Map(
    Object.entries(object(schema['properties'])).map(([key, each]) => [key, checkOf(object(each))]),
  );
  return (value) => {
    if (!isObject(value)) return NONE;
    return gather(Object.keys(value), (key) => checks.get(key)?.(value[key] ?? null) ?? NONE);
  };
}

function checkAdditional(schema: JsonObject): Check {
  const rule = schema['additionalProperties'];
  if (rule === true) return () => NONE;
  const known = Object.keys(object(schema['properties'] ?? {}));
  const isKnown = new Set(known);
  const check = rule === false ? undefined : checkOf(object(rule));
  const unknown: readonly Fault[] = [{ kind: 'unknown', at: [], expected: '', known }];
  return (value) => {
    if (!isObject(value)) return NONE;
    return gather(Object.keys(value), (key) => {
      if (isKnown.has(key)) return NONE;
      return check === undefined ? unknown : check(value[key] ?? null);
    });
  };
}

function checkItems(schema: JsonObject): Check {
  const check = checkOf(object(schema['items']));
  return (value) =>
    isList(value) ? gather([...value.keys()], (index) => check(value[index] ?? null)) : NONE;
}

/** The faults of a value's parts, each behind the step that leads to its part. */
function gather<Step extends string | number>(
  steps: readonly Step[],
  check: (step: Step) => readonly Fault[],
): readonly Fault[] {
  let all: Fault[] | undefined;
  for (const step of steps) {
    const faults = check(step);
    if (faults !== NONE) (all ??= []).push(...faults.map((fault) => ({ ...fault, at: [step, ...fault.at] })));
  }
  return all ?? NONE;
}

/** When just one alternative is of the value's type, its own faults say more than "none fits". */
function checkAlternatives(schema: JsonObject, enough: (fits: number) => boolean): Check {
  const checks = list(schema['anyOf'] ?? schema['oneOf']).map((each) => checkOf(object(each)));
  return (value) => {
    const faults = checks.map((check) => check(value));
    if (enough(faults.filter((each) => each === NONE).length)) return NONE;
    const near = faults.filter((each) => each !== NONE && each.every((fault) => fault.at.length > 0));
    const [only] = near;
    return near.length === 1 && only !== undefined ? only : wrong(schema);
  };
}

function unless(schema: JsonObject, isRight: (value: Json) => boolean): Check {
  return (value) => (isRight(value) ? NONE : wrong(schema));
}

/** The fault of a value that is not what its schema asks for; worded once. */
function wrong(schema: JsonObject): readonly Fault[] {
  const known = worded.get(schema) ?? [
    { kind: 'value', at: [], expected: describeExpected(schema), known: [] },
  ];
  worded.set(schema, known);
  return known;
}

const worded = new WeakMap<JsonObject, readonly Fault[]>();

function typeTest(type: Json): (value: Json) => boolean {
  const wanted = new Set([type].flat());
  const takesFloats = wanted.has('number');
  return (value) => {
    const is = jsonType(value);
    return wanted.has(is) || (is === 'integer' && takesFloats);
  };
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
