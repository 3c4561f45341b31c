import type { HostFunction, HostValue } from '../../jinja/api.ts';
import { noteChange } from '../../jinja/python/change.ts';
import { TemplateFailure } from '../../jinja/api.ts';
import type { Dict, Value } from '../../model/value.ts';
import { deepCopy, updateDict } from '../merge.ts';
import { mistake } from '../mistake.ts';
import type { Matcher } from '../target-match.ts';
import { isDict } from '../traverse.ts';
import type { Given } from './define.ts';
import { define } from './define.ts';

/** `match.*`: whether a target expression means the host at hand. */
const MATCHERS = [
  ...['compound', 'glob', 'pcre', 'grain', 'grain_pcre', 'pillar', 'pillar_pcre', 'pillar_exact'],
  ...['list', 'ipcidr'],
];

/** `match.*` for one host. */
export function matchFunctions(matches: Matcher): (readonly [string, HostFunction])[] {
  const decide = (given: Given, matcher: string, expression: string): boolean => {
    const { value, diagnostics } = matches(matcher, expression, given.source);
    const [first] = diagnostics;
    if (value === undefined && first !== undefined) throw new TemplateFailure(first);
    return value ?? false;
  };
  const own = MATCHERS.map((matcher) =>
    define(`match.${matcher}`, ['tgt', 'delimiter?', 'minion_id?'], (given) => {
      if ((given.value('minion_id') ?? null) !== null)
        given.fail('minion_id is not supported', 'the variable "inventory" knows the other hosts');
      return decide(given, matcher, given.text('tgt'));
    }),
  );
  const filterBy = define(
    'match.filter_by',
    ['lookup', 'tgt_type?', 'minion_id?', 'merge?', 'merge_lists?', 'default?', 'base?'],
    (given) => {
      const lookup = given.dict('lookup');
      const matcher = given.text('tgt_type', 'compound');
      const found = [...lookup].find(([key]) => typeof key === 'string' && decide(given, matcher, key))?.[1];
      return combine(given, lookup, found ?? lookup.get(given.value('default') ?? 'default') ?? null);
    },
  );
  return [...own, filterBy, ['match.ifelse', ifElse(filterBy[1])]];
}

const OTHERWISE = 'SALT_IFELSE_FUNCTION_DEFAULT';

/** Pairs of a target and what it yields, and what to yield when none of them means the host. */
function ifElse(filterBy: HostFunction): HostFunction {
  const name = 'match.ifelse';
  const call: HostFunction['call'] = ({ args, kwargs, source }) => {
    if (args.length % 2 === 0)
      throw new TemplateFailure(
        mistake('SLAB2004', `${name}: it takes pairs of a target and a value, and one value more`, source, {
          fix: 'put the value for all other hosts last',
        }),
      );
    const otherwise = args.at(-1) ?? null;
    if (args.length === 1) return otherwise;
    const lookup: Dict = new Map();
    for (let i = 0; i + 1 < args.length; i += 2) {
      const target = args[i] ?? null;
      const key = typeof target === 'boolean' ? (target ? '*' : 'SALT_IFELSE_MATCH_NOTHING') : target;
      lookup.set(key as Value, args[i + 1] as Value);
    }
    lookup.set(OTHERWISE, otherwise as Value);
    const named = new Map<string, HostValue>([...kwargs, ['default', OTHERWISE]]);
    return filterBy.call({ args: [lookup], kwargs: named, source });
  };
  return { name, call };
}

function combine(given: Given, lookup: Dict, found: Value): Value {
  const base = lookup.get(given.value('base') ?? null);
  const merge = given.value('merge');
  let result = found;
  if (isDict(base)) result = isDict(result) ? updateDict(deepCopy(base), result) : (result ?? base);
  if (!isDict(merge)) return result;
  noteChange();
  return isDict(result)
    ? updateDict(result, deepCopy(merge), given.truth('merge_lists', false))
    : (result ?? merge);
}
