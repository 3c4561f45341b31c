import type { Dict, Value } from '../../model/value.ts';
import { deepCopy } from '../merge.ts';
import { traverse } from '../traverse.ts';
import type { Given } from './define.ts';

/** Parameters of `pillar.item` and `grains.item`. */
export const ITEM_PARAMETERS = ['*keys', 'default?', 'delimiter?'] as const;

/** Several keys with their values, as modules/pillar.py and modules/grains.py `item` give them: '' for what is not there. */
export function itemsOf(data: Dict, given: Given): Dict {
  const keys = given.value('keys');
  const delimiter = given.text('delimiter', ':');
  const otherwise = given.valueOr('default', '');
  const valueOf = (key: Value): Value => {
    const found = traverse(data, key, delimiter);
    return found === undefined ? otherwise : deepCopy(found);
  };
  return new Map((Array.isArray(keys) ? keys : []).map((key: Value) => [key, valueOf(key)] as const));
}
