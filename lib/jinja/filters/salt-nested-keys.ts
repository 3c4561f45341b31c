import { flagArgument, optionalText, textArgument } from '../python/arguments.ts';
import { noteChange } from '../python/change.ts';
import { dictGet, dictSet } from '../python/dict.ts';
import { updateDict } from '../python/dict-methods.ts';
import { typeError } from '../python/error.ts';
import { toList } from '../python/iterate.ts';
import { native } from '../python/native.ts';
import type { Native } from '../python/native.ts';
import { Undefined } from '../python/undefined.ts';
import { PlainDict, Tuple, typeName } from '../python/value.ts';
import type { Val, ValMap } from '../python/value.ts';

/** Salt's filters that write into a dict by a path such as `a:b:c`; missing dicts on the way are made. */
export const nestedKeyFilters: readonly Native[] = [
  nested('set_dict_key_value', ({ value }) => value),
  nested('append_dict_key_value', ({ old, value }) => {
    const list = old === undefined ? [] : grown(old);
    list.push(value);
    return list;
  }),
  nested('extend_dict_key_value', ({ old, value }) => {
    const list = old === undefined ? [] : grown(old);
    for (const item of toList(value)) list.push(item);
    return list;
  }),
  nested('update_dict_key_value', ({ old, value, make }) => {
    const dict = old === undefined ? make() : old;
    if (!(dict instanceof Map)) cannot(dict, 'update');
    updateDict(dict, value);
    return dict;
  }),
];

interface Place {
  /** What stands there; undefined for nothing and for None. */
  readonly old: Val | undefined;
  readonly value: Val;
  /** Makes a dict of the wanted sort. */
  readonly make: () => ValMap;
}

function nested(name: string, change: (place: Place) => Val): Native {
  return native(
    name,
    'in_dict keys value delimiter= ordered_dict=',
    ([root = null, keys = null, value = null, delimiter, ordered]) => {
      noteChange();
      if (root instanceof Undefined) root.fail();
      if (!(root instanceof Map)) typeError(`${name} wants a dict, not ${typeName(root)}`);
      const make = (): ValMap => (flagArgument(ordered, false) ? new Map<Val, Val>() : new PlainDict());
      const path = textArgument(keys, 'the path').split(optionalText(delimiter) ?? ':');
      let dict: ValMap = root;
      for (const key of path.slice(0, -1)) {
        const next = dictGet(dict, key);
        const inner = next instanceof Map ? next : make();
        if (inner !== next) dictSet(dict, key, inner);
        dict = inner;
      }
      const last = path.at(-1) ?? '';
      const old = dictGet(dict, last);
      dictSet(dict, last, change({ old: old === null ? undefined : old, value, make }));
      return root;
    },
  );
}

/** The list itself: who holds it sees it grow. */
function grown(value: Val): Val[] {
  return Array.isArray(value) && !(value instanceof Tuple) ? value : cannot(value, 'grow');
}

function cannot(value: Val, what: string): never {
  typeError(`The last key contains a <class '${typeName(value)}'>, which cannot ${what}.`);
}
