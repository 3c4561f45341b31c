import type { HostFunction, HostObject } from '../../jinja/api.ts';
import { TemplateFailure } from '../../jinja/api.ts';
import { didYouMean } from '../../diagnostics/near.ts';
import type { SourceRange } from '../../model/source.ts';
import type { Value } from '../../model/value.ts';
import { mistake } from '../mistake.ts';

/** The functions of `salt`, by full name: `pillar.get`. */
export type Functions = ReadonlyMap<string, HostFunction>;

/** What to write in place of functions that need the host or a master. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/^mine\./, 'the variable "inventory" holds the addresses, groups and vars of every host'],
  [
    /^(cmd|file|service|user|pkg|network)\./,
    'write it as a state with unless, onlyif or creates, or put the answer into pillar',
  ],
  [/^(sdb|vault)\./, 'put the value into pillar'],
];

/** The `salt` of templates: `salt['pillar.get']` and `salt.pillar.get`. A function that is not there is refused by name. */
export function saltObject(functions: Functions): HostObject {
  const find = (name: string, source: SourceRange): HostFunction => {
    const found = functions.get(name);
    if (found !== undefined) return found;
    throw new TemplateFailure(
      mistake('SLAB2005', `the function ${name} is not provided to templates`, source, {
        why: 'templates are rendered on this machine, before anything is asked of the host',
        fix: didYouMean(name, functions.keys()) ?? INSTEAD.find(([pattern]) => pattern.test(name))?.[1],
      }),
    );
  };
  const get: HostFunction = {
    name: 'salt.get',
    call: ({ args: [name, otherwise] }) =>
      functions.get(typeof name === 'string' ? name : '') ?? otherwise ?? null,
  };

  return {
    name: 'salt',
    member(key: Value, source) {
      if (typeof key !== 'string') return undefined;
      if (key.includes('.')) return find(key, source);
      if (key === 'get') return get;
      return {
        name: `salt.${key}`,
        member: (fun: Value, place) => (typeof fun === 'string' ? find(`${key}.${fun}`, place) : undefined),
      };
    },
  };
}
