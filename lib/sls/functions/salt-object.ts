import type { HostFunction, HostObject } from '../../jinja/api.ts';

/** The functions of `salt`, by full name: `pillar.get`. */
export type Functions = ReadonlyMap<string, HostFunction>;

/**
 * The `salt` of templates: `salt['pillar.get']`, `salt.pillar.get`, `salt.get('pillar.get')`. A function that is not
 * there is undefined; `explainMissingFunction` words what happens when it is used.
 */
export function saltObject(functions: Functions): HostObject {
  const get: HostFunction = {
    name: 'salt.get',
    call: ({ args: [name, otherwise] }) =>
      functions.get(typeof name === 'string' ? name : '') ?? otherwise ?? null,
  };
  return {
    name: 'salt',
    has: (key) => typeof key === 'string' && functions.has(key),
    member(key) {
      if (typeof key !== 'string') return undefined;
      if (key === 'get') return get;
      if (key.includes('.')) return functions.get(key);
      const member: HostObject['member'] = (fun) =>
        typeof fun === 'string' ? functions.get(`${key}.${fun}`) : undefined;
      return { name: `salt.${key}`, member };
    },
  };
}
