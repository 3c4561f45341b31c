import { optionalText } from '../python/arguments.ts';
import { dictGet, dictSet } from '../python/dict.ts';
import { updateDict } from '../python/dict-methods.ts';
import { typeError } from '../python/error.ts';
import { toList } from '../python/iterate.ts';
import { native } from '../python/native.ts';
import type { Native } from '../python/native.ts';
import { pythonStr } from '../python/repr.ts';
import { PlainDict, typeName } from '../python/value.ts';
import type { Val } from '../python/value.ts';

/** Salt's filters that write into a dict by a path such as `a:b:c`; missing dicts on the way are made. */
export const nestedKeyFilters: readonly Native[] = [
  nested('set_dict_key_value', (_, value) => value),
  nested('append_dict_key_value', (old, value) => [...listOf(old), value]),
  nested('extend_dict_key_value', (old, value) => [...listOf(old), ...toList(value)]),
  nested('update_dict_key_value', (old, value) => {
    const dict = old instanceof Map ? old : new PlainDict();
    updateDict(dict, value);
    return dict;
  }),
];

function nested(name: string, change: (old: Val | undefined, value: Val) => Val): Native {
  return native(
    name,
    'in_dict keys value delimiter= ordered_dict=',
    ([root = null, keys = null, value = null, delimiter]) => {
      if (!(root instanceof Map)) typeError(`${name} wants a dict, not ${typeName(root)}`);
      const path = pythonStr(keys).split(optionalText(delimiter) ?? ':');
      let dict: Map<Val, Val> = root;
      for (const key of path.slice(0, -1)) {
        const next = dictGet(dict, key);
        const inner = next instanceof Map ? next : new PlainDict();
        if (inner !== next) dictSet(dict, key, inner);
        dict = inner;
      }
      const last = path.at(-1) ?? '';
      dictSet(dict, last, change(dictGet(dict, last), value));
      return root;
    },
  );
}

function listOf(value: Val | undefined): readonly Val[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : typeError(`'${typeName(value)}' object is not a list`);
}
