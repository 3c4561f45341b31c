import { TemplateFailure, type HostCall, type HostFunction, type HostValue } from '../../jinja/api.ts';
import type { Dict, Value } from '../../model/value.ts';
import type { MineOf } from '../others.ts';
import { mistake } from '../mistake.ts';
import { isDict } from '../traverse.ts';
import { isData } from './data.ts';
import { define, type Given } from './define.ts';

const PARAMETERS = ['tgt', 'fun', 'tgt_type?', 'exclude_minion?'];

/** `mine.get`, and the runner of that name, which pillar uses. */
export function mineFunctions(mine: MineOf): (readonly [string, HostFunction])[] {
  const get = (given: Given): Value => {
    const fun = given.value('fun') ?? '';
    const listed = Array.isArray(fun)
      ? fun.map((each) => textOf(each, given))
      : textOf(fun, given).split(',');
    const tgt = given.value('tgt') ?? '';
    const found = mine({
      target: Array.isArray(tgt) ? tgt.map((each) => textOf(each, given)).join(',') : textOf(tgt, given),
      type: given.text('tgt_type', 'glob').toLowerCase(),
      names: listed,
      excludeSelf: given.truth('exclude_minion', false),
      source: given.source,
    });
    if (!Array.isArray(fun) && listed.length === 1) return new Map(found.get(listed[0] ?? '') ?? []);
    // Several functions at once: a name that no host has is not there.
    return new Map<Value, Value>([...found].filter(([, values]) => values.size > 0)) satisfies Dict;
  };
  const [name, callee] = define('mine.get', PARAMETERS, get);
  return [
    [name, callee],
    ['saltutil.runner', { name: 'saltutil.runner', call: (call) => runMine(call, callee) }],
  ];
}

function textOf(value: Value, given: Given): string {
  return typeof value === 'string' ? value : given.fail('tgt and fun are texts, or lists of texts');
}

/** `saltutil.runner('mine.get', tgt=…, fun=…)`, or with `arg` and `kwarg`: there is no master, so there are no others. */
function runMine({ args, kwargs, source }: HostCall, callee: HostFunction): HostValue {
  const given = (index: number, key: string): HostValue => args[index] ?? kwargs.get(key) ?? null;
  const runner = given(0, 'name');
  if (runner !== 'mine.get') {
    const which = isData(runner) && typeof runner === 'string' ? runner : 'this one';
    throw new TemplateFailure(
      mistake('SLAB2005', `saltutil.runner: slab has no master that could run ${which}`, source, {
        why: 'of the runners, mine.get is answered',
        fix: 'put the answer into pillar',
      }),
    );
  }
  const positional = given(1, 'arg');
  const named = given(2, 'kwarg');
  const more = isData(named) && isDict(named) ? [...named] : [];
  return callee.call({
    args:
      isData(positional) && Array.isArray(positional) ? positional : positional === null ? [] : [positional],
    kwargs: new Map([
      ...more.flatMap(([key, value]): [string, Value][] => (typeof key === 'string' ? [[key, value]] : [])),
      ...[...kwargs].filter(([key]) => PARAMETERS.some((each) => each.replace('?', '') === key)),
    ]),
    source,
  });
}
