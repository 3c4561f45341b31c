import type { HostValue } from '../../jinja/api.ts';
import type { Value } from '../../model/value.ts';
import { isData } from './define.ts';

/** Arguments by parameter; those left out are not there. `*names` holds a list. */
export type Bound = ReadonlyMap<string, Value>;

/** Keywords that Salt hands every function beside the caller's. */
const EVERYWHERE: ReadonlySet<string> = new Set(['saltenv', 'pillarenv']);

/**
 * Binds a call to parameters as Python does: `path` is required, `mode?` is not, `*names` takes the rest, `**` whatever
 * other keywords there are.
 * @returns Python's words for what is wrong with the call, after the function's name.
 */
export function bind(
  parameters: readonly string[],
  args: readonly HostValue[],
  kwargs: ReadonlyMap<string, HostValue>,
): { readonly bound: Bound } | { readonly wrong: string } {
  const rest = parameters.find((each) => /^\*[^*]/.test(each))?.slice(1);
  const named = parameters.filter((each) => !each.startsWith('*')).map((each) => each.replace('?', ''));
  const required = parameters.filter((each) => !each.startsWith('*') && !each.endsWith('?'));
  const bound = new Map<string, Value>();
  const values = [...args, ...kwargs.values()];
  if (!values.every(isData)) return { wrong: '() takes data, not functions' };
  const data = args.filter(isData);

  if (data.length > named.length && rest === undefined) {
    const most = `${named.length} positional argument${named.length === 1 ? '' : 's'}`;
    return { wrong: `() takes ${most} but ${data.length} ${data.length === 1 ? 'was' : 'were'} given` };
  }
  data.slice(0, named.length).forEach((value, index) => bound.set(named[index] ?? '', value));
  if (rest !== undefined) bound.set(rest, data.slice(named.length));
  for (const [name, value] of kwargs) {
    if (!isData(value)) continue;
    if (!named.includes(name)) {
      if (EVERYWHERE.has(name) || name.startsWith('__') || parameters.includes('**')) continue;
      return { wrong: `() got an unexpected keyword argument '${name}'` };
    }
    if (bound.has(name)) return { wrong: `() got multiple values for argument '${name}'` };
    bound.set(name, value);
  }
  const missing = required.filter((name) => !bound.has(name));
  if (missing.length > 0) {
    const words = missing.map((name) => `'${name}'`).join(' and ');
    return {
      wrong: `() missing ${missing.length} required positional argument${missing.length === 1 ? '' : 's'}: ${words}`,
    };
  }
  return { bound };
}
