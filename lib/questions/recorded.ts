import type { Json, JsonObject } from '../model/json.ts';
import type { Value } from '../model/value.ts';

/** Answers by the keys of their questions. */
export type Known = ReadonlyMap<string, Value>;

/** What no record may hold, whatever the pillar says of it: private keys and hashes of passwords. */
const TELLTALE = /PRIVATE KEY( BLOCK)?-----|\$(1|5|6|7|y|gy|2[abxy]|argon2[id]{1,2})\$/;

/** Answers without those that tell a secret, be it in the question or in the answer. */
export function withoutSecrets(known: Known, touches: (text: string) => boolean): Known {
  return new Map(
    [...known].filter(([key, value]) => {
      const texts = [key, ...textsOf(value)];
      return !texts.some((text) => TELLTALE.test(text) || touches(text));
    }),
  );
}

function textsOf(value: Value): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (value instanceof Map) return [...value].flat().flatMap(textsOf);
  return typeof value === 'object' ? [] : [String(value)];
}

/** Answers as JSON that `answersFromJson` reads back as they were: floats and dicts are told from other objects. */
export function answersToJson(known: Known): Json {
  return Object.fromEntries([...known].map(([key, value]) => [key, toJson(value)]));
}

/** Recorded answers; undefined for what `answersToJson` did not write. */
export function answersFromJson(json: JsonObject): Known | undefined {
  const entries = Object.entries(json).map(([key, item]) => [key, fromJson(item)] as const);
  const known = entries.flatMap(([key, value]): [string, Value][] =>
    value === undefined ? [] : [[key, value]],
  );
  return known.length === entries.length ? new Map(known) : undefined;
}

function toJson(value: Value): Json {
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return { dict: [...value].map(([key, item]) => [toJson(key), toJson(item)]) };
  if (typeof value === 'bigint') return { int: value.toString() };
  return typeof value === 'object' && value !== null ? { float: value.float } : value;
}

function fromJson(json: Json): Value | undefined {
  if (Array.isArray(json)) return all(json);
  if (!isObject(json)) return json as Value;
  const { dict, int, float } = json;
  if (typeof float === 'number') return { float };
  if (typeof int === 'string' && /^-?\d+$/.test(int)) return BigInt(int);
  if (!Array.isArray(dict)) return undefined;
  const entries = dict.map((entry) => (Array.isArray(entry) ? all(entry) : undefined));
  const whole = entries.flatMap((entry): [Value, Value][] => {
    const [key, value] = entry ?? [];
    return key === undefined || value === undefined ? [] : [[key, value]];
  });
  return whole.length === entries.length ? new Map(whole) : undefined;
}

function all(items: readonly Json[]): Value[] | undefined {
  const values = items.map(fromJson);
  return values.every((value) => value !== undefined) ? values : undefined;
}

function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
