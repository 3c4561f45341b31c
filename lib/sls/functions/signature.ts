import type { HostValue } from '../../jinja/api.ts';
import type { Value } from '../../model/value.ts';
import { isData } from './data.ts';

/** Arguments by parameter; those left out are not there. `*names` holds a list. */
export type Bound = ReadonlyMap<string, Value>;

/** Why a call cannot be taken. */
export interface WrongCall {
  /** Python's words, after the function's name. */
  readonly wrong: string;
  /** What may be given, as it was declared. */
  readonly named: readonly string[];
  /** The keyword that is not known. */
  readonly odd?: string;
}

/** Keywords that Salt hands every function beside the caller's. */
const EVERYWHERE: ReadonlySet<string> = new Set(['saltenv', 'pillarenv']);

/**
 * Binds a call to parameters as Python does: `path` is required, `mode?` is not, `*names` takes the rest, so that
 * what stands behind it can only be named, `**` whatever other keywords there are.
 */
export function bind(
  parameters: readonly string[],
  args: readonly HostValue[],
  kwargs: ReadonlyMap<string, HostValue>,
): { readonly bound: Bound } | WrongCall {
  const known = parameters.filter((each) => !each.startsWith('*'));
  const refuse = (wrong: string, odd?: string): WrongCall => ({
    wrong,
    named: known,
    ...(odd === undefined ? {} : { odd }),
  });
  const rest = parameters.find((each) => /^\*[^*]/.test(each))?.slice(1);
  const named = known.map((each) => each.replace('?', ''));
  const required = known.filter((each) => !each.endsWith('?'));
  const bound = new Map<string, Value>();
  const values = [...args, ...kwargs.values()];
  if (!values.every(isData)) return refuse('() takes data, not functions');
  const data = args.filter(isData);

  if (data.length > named.length && rest === undefined) {
    const least = required.length < named.length ? `from ${required.length} to ` : '';
    const most = `${least}${named.length} positional argument${named.length === 1 && least === '' ? '' : 's'}`;
    return refuse(`() takes ${most} but ${data.length} ${data.length === 1 ? 'was' : 'were'} given`);
  }
  const star = parameters.indexOf(`*${rest ?? ''}`);
  const first = star < 0 ? named : named.slice(0, star);
  data.slice(0, first.length).forEach((value, index) => bound.set(first[index] ?? '', value));
  if (rest !== undefined) bound.set(rest, data.slice(first.length));
  for (const [name, value] of kwargs) {
    if (!isData(value)) continue;
    if (!named.includes(name)) {
      if (EVERYWHERE.has(name) || name.startsWith('__') || parameters.includes('**')) continue;
      return refuse(`() got an unexpected keyword argument '${name}'`, name);
    }
    if (bound.has(name)) return refuse(`() got multiple values for argument '${name}'`);
    bound.set(name, value);
  }
  const missing = required.filter((name) => !bound.has(name));
  if (missing.length > 0) {
    const count = `${missing.length} required positional argument${missing.length === 1 ? '' : 's'}`;
    return refuse(`() missing ${count}: ${inWords(missing.map((name) => `'${name}'`))}`);
  }
  return { bound };
}

/** As Python lists them: `'a', 'b', and 'c'`. */
function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  if (names.length < 2) return last;
  return `${names.slice(0, -1).join(', ')}${names.length > 2 ? ',' : ''} and ${last}`;
}
