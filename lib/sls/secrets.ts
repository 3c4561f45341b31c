import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Dict, Value } from '../model/value.ts';
import type { Json } from '../model/json.ts';
import { warning } from './mistake.ts';
import { printScalar } from './print-scalar.ts';
import { isDict } from './traverse.ts';

/** Secret values of a pillar, to be taken out of everything that is shown. */
export interface Secrets {
  /** Each once. */
  readonly values: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Shorter texts appear by chance: hiding them would garble the output and give the value away. */
export const SHORTEST_SECRET = 6;

/**
 * The scalars below the pillar keys that are secret, as text. `*` matches one level, `**` the rest; everything below a
 * matching key is secret too. Booleans and nulls are not followed.
 */
export function findSecrets(pillar: Dict, patterns: readonly string[]): Secrets {
  const values = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const split = patterns.map((pattern) => pattern.split(':'));

  const walk = (value: Value, path: readonly string[], secret: boolean): void => {
    const here = secret || split.some((pattern) => matchesPath(pattern, path));
    if (Array.isArray(value))
      for (const [index, item] of value.entries()) walk(item, [...path, String(index)], here);
    else if (isDict(value))
      for (const [key, item] of value) walk(item, [...path, printScalar(key) ?? ''], here);
    else if (here) {
      const text = scalarText(value);
      if (text === undefined) return;
      if (text.length >= SHORTEST_SECRET) values.add(text);
      else
        diagnostics.push(
          warning(
            'SLAB2021',
            `the secret ${path.join(':')} has fewer than ${SHORTEST_SECRET} characters`,
            undefined,
            {
              why: 'so short a text cannot be told from others, so it is not hidden in output',
              fix: 'choose a longer secret',
            },
          ),
        );
    }
  };
  walk(pillar, [], false);
  return { values: [...values], diagnostics };
}

/** The same value with a mark in place of everything secret; the path is that of the value in the pillar. */
export function hideSecrets(value: Json, path: readonly string[], patterns: readonly string[]): Json {
  const split = patterns.map((pattern) => pattern.split(':'));
  const above = path.some((_, index) =>
    split.some((pattern) => matchesPath(pattern, path.slice(0, index + 1))),
  );
  const hide = (inner: Json, at: readonly string[], secret: boolean): Json => {
    const here = secret || split.some((pattern) => matchesPath(pattern, at));
    if (typeof inner !== 'object' || inner === null) return here ? '‹secret›' : inner;
    if (Array.isArray(inner))
      return (inner as readonly Json[]).map((item, index) => hide(item, [...at, String(index)], here));
    return Object.fromEntries(
      Object.entries(inner).map(([key, item]: [string, Json]) => [key, hide(item, [...at, key], here)]),
    );
  };
  return hide(value, path, above);
}

function matchesPath(pattern: readonly string[], path: readonly string[]): boolean {
  if (path.length === 0) return false;
  for (const [index, part] of pattern.entries()) {
    if (part === '**') return path.length > index;
    if (part !== '*' && part !== path[index]) return false;
  }
  return pattern.length === path.length;
}

function scalarText(value: Value): string | undefined {
  return value === null || typeof value === 'boolean' || value === '' ? undefined : printScalar(value);
}
