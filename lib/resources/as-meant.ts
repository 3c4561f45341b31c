import { nearNames } from '../diagnostics/near.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { checkArguments, type Fault } from './check-arguments.ts';
import { globalArguments } from './global-arguments.ts';
import { withoutPath } from './node-json.ts';

/** A state's name and arguments, so that the rest of it can be checked beside what is unknown. */
export interface Meant {
  readonly name: string;
  readonly args: JsonObject;
  /** Names that are read for others, by the ones they are read as. */
  readonly writtenAs: ReadonlyMap<string, string>;
}

/**
 * Reads an argument that is not known as the one its name is near to, if that is free and the value would be right there;
 * the others are left out.
 */
export function asMeant(
  given: Pick<Meant, 'name' | 'args'>,
  unknown: readonly Fault[],
  schema: JsonObject,
): Meant {
  const start: Meant = { ...given, writtenAs: new Map() };
  return unknown.reduce<Meant>((meant, { at, known }) => {
    const [key, ...inside] = at;
    const rest = { ...meant, args: withoutPath(meant.args, at) };
    const value = typeof key === 'string' ? meant.args[key] : undefined;
    if (typeof key !== 'string' || value === undefined || inside.length > 0) return rest;
    const [near] = nearNames(key, [...known, ...globalArguments]);
    if (near === undefined || meant.writtenAs.has(near)) return rest;
    const writtenAs = new Map([...meant.writtenAs, [near, key]]);
    if (near === 'name' && typeof value === 'string') return { ...rest, name: value, writtenAs };
    const isFree = known.includes(near) && !Object.hasOwn(given.args, near);
    return isFree && fits(schema, near, value)
      ? { ...rest, args: { ...rest.args, [near]: value }, writtenAs }
      : rest;
  }, start);
}

function fits(schema: JsonObject, key: string, value: Json): boolean {
  return checkArguments(schema, { [key]: value }).every(({ kind }) => kind === 'missing');
}
