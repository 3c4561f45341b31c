import { PlainDict } from '../jinja/python/value.ts';
import type { Dict, Value } from '../model/value.ts';

/**
 * An empty dict of the sort whose keys Salt's yaml filter sorts: what a template wrote itself, and what `load_yaml`,
 * `import_yaml` and `slsutil.deserialize` read. Pillar and rendered SLS keep their order (found by comparing: Salt's
 * own YAML loader makes an OrderedDict for the renderer only).
 */
export function plainDict(): Dict {
  const made: Map<unknown, unknown> = new PlainDict();
  return made as Dict; // empty: what it holds is decided by who fills it
}

/** Whether a dict is of that sort. */
export function isPlainDict(dict: Dict): boolean {
  return dict instanceof PlainDict;
}

/** A value whose dicts are all of that sort; what occurs twice in it stays one object, which YAML writes as an alias. */
export function withPlainDicts(value: Value): Value {
  const made = new Map<Value, Value>();
  const copy = (from: Value): Value => {
    if (!Array.isArray(from) && !(from instanceof Map)) return from;
    const known = made.get(from);
    if (known !== undefined) return known;
    if (Array.isArray(from)) {
      const list: Value[] = [];
      made.set(from, list);
      for (const each of from.map(copy)) list.push(each);
      return list;
    }
    const dict = plainDict();
    made.set(from, dict);
    for (const [key, item] of from) dict.set(key, copy(item));
    return dict;
  };
  return copy(value);
}
