import type { HostFunction } from '../../jinja/api.ts';
import type { Dict, Grains, Value } from '../../model/value.ts';
import { deepCopy, mergeDicts } from '../merge.ts';
import { isDict, traverse } from '../traverse.ts';
import type { Given } from './define.ts';
import { define } from './define.ts';

/** Where `config.*` looks. */
export interface ConfigSources {
  readonly opts: Dict;
  readonly grains: Grains;
  readonly pillar: Dict;
}

/** `config.*`: options, then grains, then pillar. */
export function configFunctions(sources: ConfigSources): (readonly [string, HostFunction])[] {
  const omit = ['omit_opts?', 'omit_grains?', 'omit_pillar?', 'omit_master?', 'omit_all?', 'wildcard?'];
  return [
    define('config.get', ['key', 'default?', 'delimiter?', 'merge?', ...omit.slice(0, 4)], (given) =>
      get(given, inOrder(given, sources)),
    ),
    define('config.option', ['value', 'default?', ...omit], (given) => {
      for (const source of inOrder(given, sources)) {
        const found = source.get(given.value('value') ?? null);
        if (found !== undefined) return deepCopy(found);
      }
      return given.value('default') ?? '';
    }),
  ];
}

function inOrder(given: Given, { opts, grains, pillar }: ConfigSources): Dict[] {
  return [
    ...(given.truth('omit_opts', false) ? [] : [opts]),
    ...(given.truth('omit_grains', false) ? [] : [grains]),
    ...(given.truth('omit_pillar', false) ? [] : [pillar]),
  ];
}

function get(given: Given, sources: readonly Dict[]): Value {
  const key = given.value('key') ?? '';
  const delimiter = given.text('delimiter', ':');
  const otherwise = given.valueOr('default', '');
  const strategy = given.value('merge');
  const found = sources.flatMap((source) => {
    const value = traverse(source, key, delimiter);
    return value === undefined ? [] : [value];
  });
  const [first = otherwise] = found;
  if (strategy !== 'recurse' && strategy !== 'overwrite') return deepCopy(first);
  // With a strategy every source counts, the earlier ones over the later.
  const merged = found
    .filter(isDict)
    .toReversed()
    .reduce((all, source) => mergeDicts(all, source, strategy), new Map<Value, Value>());
  return merged.size === 0 ? otherwise : merged;
}
