import { didYouMean } from '../diagnostics/near.ts';
import type { Node } from '../model/node.ts';
import type { Absence } from './absence.ts';
import type { Argument, Declaration, Extension, HighState, Item, StateBody } from './high-state.ts';
import { withState } from './high-state.ts';
import { mistake, type MistakeDetails } from './mistake.ts';
import { list, textOf } from './node-shape.ts';
import { isRequisite } from './requisite-words.ts';

/** How a state is found that is not named by its ID. */
export type NameSearch = 'any argument' | 'name only';

/**
 * Applies extensions to a high state, in order. Requisites are appended, a function replaces the function, `name`
 * replaces `names`, other arguments replace their namesakes; a module that the target lacks is added without a number.
 * @returns what names no state; those are passed over.
 */
export function applyExtensions(
  high: HighState,
  extensions: readonly Extension[],
  search: NameSearch,
): Absence[] {
  const absences: Absence[] = [];
  for (const extension of extensions) {
    const first = extension.states.values().next().value;
    if (first === undefined) continue;
    const ids = findStates(high, first.module, extension.id, search);
    const target = ids.length === 1 ? high.get(ids[0] ?? '') : undefined;
    if (target === undefined) absences.push(says(search, first, notFound(extension, first, ids, high)));
    else high.set(target.id, extend(target, extension));
  }
  return absences;
}

/** IDs of the states of a module that an ID, or else an argument, names. */
export function findStates(high: HighState, module: string, name: string, search: NameSearch): string[] {
  if (high.get(name)?.states.has(module)) return [name];
  const ids: string[] = [];
  for (const declaration of high.values())
    for (const item of declaration.states.get(module)?.items ?? [])
      if (
        item.type === 'argument' &&
        (search === 'any argument' || item.name === 'name') &&
        textOf(item.value) === name
      )
        ids.push(declaration.id);
  return ids;
}

function extend(target: Declaration, extension: Extension): Declaration {
  let extended = target;
  for (const body of extension.states.values()) {
    const present = target.states.get(body.module);
    extended = withState(
      extended,
      present === undefined ? body : { ...present, items: mergeItems(present.items, body.items) },
    );
  }
  return extended;
}

function mergeItems(present: readonly Item[], added: readonly Item[]): Item[] {
  const items = [...present];
  for (const item of added) {
    let placed = false;
    for (const [index, old] of items.entries()) {
      if (item.type === 'function' && old.type === 'function') {
        items[index] = item;
        placed = true;
      }
      if (item.type !== 'argument' || old.type !== 'argument') continue;
      if (item.name === old.name) {
        items[index] = isRequisite(item.name) ? append(old, item.value) : item;
        placed = true;
      } else if (item.name === 'name' && old.name === 'names') items[index] = item;
    }
    if (!placed) items.push(item);
  }
  return items;
}

function append(old: Argument, more: Node): Argument {
  const entries = [...asList(old.value), ...asList(more)];
  const { name, source } = old;
  return { type: 'argument', name, source, value: list(entries, old.value.source) };
}

/** The entries of a requisite; a single one may stand without its list. */
export function asList(node: Node): readonly Node[] {
  return node.type === 'list' ? node.items : [node];
}

/** A requisite of the other side is an extension too: its own name goes in front. */
function says(search: NameSearch, body: StateBody, absence: Absence): Absence {
  const [item] = body.items;
  if (search !== 'name only' || item?.type !== 'argument') return absence;
  const { diagnostic } = absence;
  return {
    ...absence,
    diagnostic: { ...diagnostic, summary: `${item.name}_in names no state: ${diagnostic.summary}` },
  };
}

function notFound(extension: Extension, body: StateBody, found: readonly string[], high: HighState): Absence {
  const { module } = body;
  const { id: name, at } = extension;
  const other = high.get(name);
  const near = didYouMean(name, high.keys());
  const hasLikeness = found.length > 1 || other !== undefined || near !== undefined;
  const absent = (summary: string, more: MistakeDetails): Absence => ({
    name,
    hasLikeness,
    diagnostic: mistake('SLAB2016', summary, at.source, more),
  });
  if (found.length > 1)
    return absent(`${name} names ${found.length} ${module} states`, {
      why: `they have the IDs ${found.join(', ')}`,
      fix: 'name one of them by its ID',
    });
  if (other !== undefined)
    return absent(`ID ${name} has no ${module} state`, {
      why: `it holds ${[...other.states.keys()].join(', ')}`,
      fix: `name that, or write a function: "${module}.…:"`,
      related: [{ source: other.at.source, message: 'declared here' }],
    });
  return absent(`no ${module} state has the ID or name ${name}`, {
    why: 'neither this SLS nor those it includes declare it',
    fix: near ?? 'include the SLS that declares it',
  });
}
