import { didYouMean } from '../diagnostics/near.ts';
import type { Node } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { Absence } from './absence.ts';
import { applyExtensions, asList, findStates } from './extend.ts';
import { matchGlob } from '../regex/glob.ts';
import type { Argument, Declaration, HighState, Item, StateBody } from './high-state.ts';
import { mistake, warning } from './mistake.ts';
import { list, pair, scalar, textOf } from './node-shape.ts';
import type { RequisiteEntry } from './requisite-entry.ts';
import { requisiteEntries } from './requisite-entry.ts';
import { BACKWARD, isRequisite } from './requisite-words.ts';

/** Never copied by `use` and `use_in`: requisites act where they are written, names belong to their state. */
const NOT_USED = new Set([
  ...['require', 'watch', 'onfail', 'onfail_stop', 'onchanges', 'prereq', 'use'],
  ...['require_in', 'watch_in', 'onfail_in', 'onchanges_in', 'prereq_in', 'use_in', 'name', 'names'],
]);

/** A state of the high state. */
interface Place {
  readonly id: string;
  readonly module: string;
}

/** Items to be added to a state, gathered before any is applied. */
class Additions {
  readonly #byId = new Map<string, Map<string, Argument[]>>();
  readonly #first = new Map<string, Pick<Declaration, 'at' | 'sls' | 'saltenv'>>();

  add(to: Place, argument: Argument, from: Declaration): void {
    const modules = this.#byId.get(to.id) ?? new Map<string, Argument[]>();
    this.#byId.set(to.id, modules);
    const items = modules.get(to.module);
    if (items === undefined) modules.set(to.module, [argument]);
    else items.push(argument);
    if (!this.#first.has(to.id))
      this.#first.set(to.id, { at: argument, sls: from.sls, saltenv: from.saltenv });
  }

  extensions(): Declaration[] {
    return [...this.#byId].flatMap(([id, modules]): Declaration[] => {
      const first = this.#first.get(id);
      if (first === undefined) return [];
      const states = [...modules].map(([module, items]): [string, StateBody] => [
        module,
        { module, at: items[0] ?? first.at, items: joinLists(items) },
      ]);
      return [{ id, ...first, states: new Map(states) }];
    });
  }
}

/** One list for all that add to the same requisite: a state that thousands name is extended once, not once for each. */
function joinLists(items: readonly Argument[]): readonly Argument[] {
  const lists = new Map<string, Node[]>();
  return items.flatMap((item) => {
    if (!isRequisite(item.name)) return [item];
    const { name, source, value } = item;
    const known = lists.get(name);
    const entries = known ?? [];
    for (const entry of asList(value)) entries.push(entry);
    lists.set(name, entries);
    return known === undefined
      ? [{ type: 'argument', name, source, value: list(entries, value.source) }]
      : [];
  });
}

/**
 * Moves every `*_in` to the state it names, copies arguments for `use` and `use_in`, and marks the targets of
 * `prereq` with `prerequired`. Targets are found by ID, or by their `name`. `listen_in` is resolved later, like Salt does.
 * @returns what names no state.
 */
export function applyRequisiteIn(high: HighState): Absence[] {
  const additions = new Additions();
  const absences: Absence[] = [];
  for (const declaration of high.values())
    for (const body of declaration.states.values())
      for (const item of body.items)
        if (item.type === 'argument')
          for (const each of applyItem(high, declaration, body, item, additions)) absences.push(each);
  return [...absences, ...applyExtensions(high, additions.extensions(), 'name only')];
}

function applyItem(
  high: HighState,
  declaration: Declaration,
  body: StateBody,
  item: Argument,
  additions: Additions,
): Absence[] {
  const forward = BACKWARD.get(item.name);
  const moves = forward !== undefined && item.name !== 'listen_in';
  if (!moves && item.name !== 'use' && item.name !== 'use_in' && item.name !== 'prereq') return [];

  const self: Place = { id: declaration.id, module: body.module };
  return requisiteEntries(item.value).flatMap((entry): Absence[] => {
    const targets = placesOf(high, entry);
    if (moves) {
      if (targets.length === 0) return [noTarget(item.name, entry, high)];
      for (const target of targets) {
        additions.add(target, reference(forward, self, entry.source), declaration);
        if (forward === 'prereq')
          additions.add(self, reference('prerequired', target, entry.source), declaration);
      }
      return [];
    }
    if (item.name === 'prereq') {
      for (const target of existing(high, targets))
        additions.add(target, reference('prerequired', self, entry.source), declaration);
      return [];
    }
    const others = existing(high, targets);
    for (const other of others) {
      const [from, to] = item.name === 'use' ? [other, self] : [self, other];
      for (const argument of usable(high, from, to)) additions.add(to, argument, declaration);
    }
    return others.length === 0 ? [noTarget(item.name, entry, high)] : [];
  });
}

/** What an entry names; a state that does not exist is kept, for the extension to report. */
function placesOf(high: HighState, entry: RequisiteEntry): Place[] {
  if (entry.module === 'sls')
    return [...high.values()]
      .filter((declaration) => matchGlob(entry.name, declaration.sls))
      .flatMap((declaration) =>
        [...declaration.states.keys()].map((module) => ({ id: declaration.id, module })),
      );
  if (entry.module !== 'id') return [{ id: entry.name, module: entry.module }];
  const [module] = high.get(entry.name)?.states.keys() ?? [];
  if (module !== undefined) return [{ id: entry.name, module }];
  for (const declaration of high.values())
    for (const body of declaration.states.values())
      if (
        body.items.some(
          (item) => item.type === 'argument' && item.name === 'name' && textOf(item.value) === entry.name,
        )
      )
        return [{ id: declaration.id, module: body.module }];
  return [];
}

function existing(high: HighState, places: readonly Place[]): Place[] {
  return places.flatMap(({ id, module }) =>
    findStates(high, module, id, 'name only').map((found) => ({ id: found, module })),
  );
}

function reference(type: string, place: Place, source: SourceRange): Argument {
  const value = list([pair(place.module, scalar(place.id, source), source)], source);
  return { type: 'argument', name: type, source, value };
}

function usable(high: HighState, from: Place, to: Place): Argument[] {
  const itemsOf = (place: Place): readonly Item[] =>
    high.get(place.id)?.states.get(place.module)?.items ?? [];
  const present = new Set(itemsOf(to).map((item) => (item.type === 'argument' ? item.name : '')));
  // Every numbered state has its own order already, whether it is written or not.
  present.add('order');
  return itemsOf(from).filter(
    (item): item is Argument =>
      item.type === 'argument' && !NOT_USED.has(item.name) && !present.has(item.name),
  );
}

function noTarget(type: string, entry: RequisiteEntry, high: HighState): Absence {
  const names =
    entry.module === 'sls' ? [...high.values()].map((declaration) => declaration.sls) : high.keys();
  const what = entry.module === 'id' ? 'state' : entry.module === 'sls' ? 'SLS' : `${entry.module} state`;
  // Salt passes over a whole SLS, or a bare ID, that is not part of the run, and formulas count on it.
  const complain = entry.module === 'sls' || entry.module === 'id' ? warning : mistake;
  const near = didYouMean(entry.name, names);
  return {
    name: entry.name,
    hasLikeness: near !== undefined,
    diagnostic: complain(
      'SLAB2016',
      `${type} names no state: no ${what} has the ID or name ${entry.name}`,
      entry.source,
      {
        why: 'neither this SLS nor those it includes declare it',
        fix: near ?? 'include the SLS that declares it',
      },
    ),
  };
}
