import type { Node } from '../model/node.ts';
import type { Dict, Value } from '../model/value.ts';
import { markAggregate } from './aggregate.ts';
import { plainDict } from './plain-dict.ts';
import { isAggregateNode } from './yamlex.ts';

/** The value of a document; what an alias repeats is one object, as in Python: a change shows in both places. */
export function orderedValue(node: Node): Value {
  return valueOf(node, () => new Map<Value, Value>());
}

/** The same in dicts whose keys Salt's yaml filter sorts. */
export function plainValue(node: Node): Value {
  return valueOf(node, plainDict);
}

function valueOf(node: Node, makeDict: () => Dict): Value {
  const made = new Map<Node, Value>();
  const read = (from: Node): Value => {
    if (from.type === 'scalar') return from.value;
    const known = made.get(from);
    if (known !== undefined) return known;
    if (from.type === 'list') {
      const list: Value[] = [];
      if (isAggregateNode(from)) markAggregate(list);
      made.set(from, list);
      for (const item of from.items) list.push(read(item));
      return list;
    }
    const dict = makeDict();
    if (isAggregateNode(from)) markAggregate(dict);
    made.set(from, dict);
    for (const { key, value } of from.entries) dict.set(read(key), read(value));
    return dict;
  };
  return read(node);
}
