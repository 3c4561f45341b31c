import type { HostFunction } from '../../jinja/api.ts';
import type { JsonOptions } from '../../jinja/filters/json-dump.ts';
import { dumpJson } from '../../jinja/filters/json-dump.ts';
import { dumpYaml } from '../../jinja/filters/yaml-dump.ts';
import { noteChange } from '../../jinja/python/change.ts';
import type { Dict, Value } from '../../model/value.ts';
import { deepCopy, isStrategy, mergeDicts, updateDict } from '../merge.ts';
import { dumpToml } from '../dump-toml.ts';
import { withPlainDicts } from '../plain-dict.ts';
import { dict, isDict } from '../traverse.ts';
import type { Given } from './define.ts';
import { isTrue } from './data.ts';
import { define } from './define.ts';

/** Reads a document from text; throws TemplateFailure. */
export type ReadDocument = (text: string) => Value;

/** Salt's default, None: brackets for the innermost collections only. */
function flowStyle(given: Given): boolean | 'innermost' {
  const asked = given.value('default_flow_style') ?? null;
  return asked === null ? 'innermost' : isTrue(asked);
}

/** `slsutil.*` and `defaults.*`: merging, and reading data from text. */
export function slsutilFunctions(readYaml: ReadDocument): (readonly [string, HostFunction])[] {
  return [
    define('slsutil.merge', ['obj_a', 'obj_b', 'strategy?', 'renderer?', 'merge_lists?'], (given) =>
      merge(given, [given.dict('obj_a'), given.dict('obj_b')]),
    ),
    define('slsutil.merge_all', ['lst', 'strategy?', 'renderer?', 'merge_lists?'], (given) => {
      const all = given.value('lst');
      if (!Array.isArray(all) || !all.every(isDict)) return given.fail('lst is not a list of mappings');
      return merge(given, all);
    }),
    define('slsutil.update', ['dest', 'upd', 'recursive_update?', 'merge_lists?'], (given) => {
      noteChange();
      const target = given.dict('dest');
      if (given.truth('recursive_update', true))
        return updateDict(target, given.dict('upd'), given.truth('merge_lists', false));
      for (const [key, value] of given.dict('upd')) target.set(key, value);
      return target;
    }),
    define('slsutil.boolstr', ['value', 'true?', 'false?'], (given) => {
      const value = given.value('value');
      const word = typeof value === 'string' ? value.toLowerCase() : undefined;
      const truth =
        word === undefined ? isTrue(value ?? null) : ['true', 'yes', 'on', '1', 't', 'y'].includes(word);
      return truth ? (given.value('true') ?? 'true') : (given.value('false') ?? 'false');
    }),
    define(
      'slsutil.serialize',
      ['serializer', 'obj', 'default_flow_style?', 'allow_unicode?', 'sort_keys?', 'indent?'],
      (given) => {
        const serializer = given.text('serializer');
        const data = given.value('obj') ?? null;
        // Every key is sorted.
        if (serializer === 'yaml') return dumpYaml(withPlainDicts(data), flowStyle(given));
        if (serializer === 'json') return dumpJson(data, jsonLayout(given));
        if (serializer !== 'toml')
          return given.fail(`the serializer ${serializer} is not supported`, 'use yaml, json or toml');
        if (!isDict(data)) return given.fail('TOML holds a mapping, not other data', 'give it names');
        const toml = dumpToml(data);
        return 'problem' in toml ? given.fail(toml.problem, 'leave it out') : toml.text;
      },
    ),
    define('slsutil.deserialize', ['serializer', 'stream_or_string'], (given) => {
      const text = given.text('stream_or_string');
      const serializer = given.text('serializer');
      // JSON is read as YAML: every JSON text is one, and the place of a mistake comes with it.
      if (serializer === 'yaml' || serializer === 'json') return readYaml(text);
      return given.fail(`the serializer ${serializer} is not supported`, 'use yaml or json');
    }),
    define('defaults.merge', ['dest', 'src', 'merge_lists?', 'in_place?', 'convert_none?'], (given) => {
      noteChange();
      const target = given.truth('in_place', true) ? given.dict('dest') : deepCopy(given.dict('dest'));
      return updateDict(target, orEmpty(given, 'src'), given.truth('merge_lists', false));
    }),
    define('defaults.update', ['dest', 'defaults', 'merge_lists?', 'in_place?', 'convert_none?'], (given) => {
      noteChange();
      const target = given.dict('dest');
      const merged: Dict = new Map();
      for (const [key, value] of target)
        merged.set(
          key,
          isDict(value)
            ? updateDict(deepCopy(orEmpty(given, 'defaults')), value, given.truth('merge_lists', false))
            : value,
        );
      if (!given.truth('in_place', true)) return merged;
      for (const [key, value] of merged) target.set(key, value);
      return target;
    }),
    define('defaults.deepcopy', ['source'], (given) => deepCopy(given.value('source') ?? null)),
  ];
}

function jsonLayout(given: Given): JsonOptions {
  const indent = given.value('indent');
  const sortKeys = given.truth('sort_keys', false);
  return typeof indent === 'number'
    ? { sortKeys, asciiOnly: true, indent: ' '.repeat(indent) }
    : { sortKeys, asciiOnly: true };
}

function merge(given: Given, all: readonly Dict[]): Dict {
  const strategy = given.text('strategy', 'smart');
  if (!isStrategy(strategy)) return given.fail(`the strategy ${strategy} does not exist`);
  const lists = given.truth('merge_lists', false);
  const [first, ...rest] = all;
  if (first === undefined) return dict([]);
  return rest.reduce((merged, next) => mergeDicts(merged, next, strategy, lists), first);
}

/** Salt takes a null for an empty mapping here. */
function orEmpty(given: Given, parameter: string): Dict {
  return (given.value(parameter) ?? null) === null ? dict([]) : given.dict(parameter);
}
