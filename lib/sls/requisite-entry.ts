import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Node } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { Argument, Declaration } from './high-state.ts';
import { mistake, warning } from './mistake.ts';
import type { NamedEntry, Placed } from './node-shape.ts';
import { kindOf, namedEntries, textOf } from './node-shape.ts';
import { rememberOf } from './remember-of.ts';
import { isRequisite } from './requisite-words.ts';

/** One state that a requisite names. */
export interface RequisiteEntry {
  /** A state module; `sls` for a whole SLS; `id` for any module. */
  readonly module: string;
  /** A name, an ID, or a glob of either. */
  readonly name: string;
  readonly source: SourceRange;
}

/** An entry that stands where a node or an argument does, and finds its place when somebody asks. */
class WrittenRequisite implements RequisiteEntry {
  readonly module: string;
  readonly name: string;
  readonly #at: Placed;

  constructor(module: string, name: string, at: Placed) {
    this.module = module;
    this.name = name;
    this.#at = at;
  }

  get source(): SourceRange {
    return this.#at.source;
  }
}

/** What a requisite names, in order. Entries that `checkRequisites` complains of are left out. */
export const requisiteEntries = rememberOf(readEntries);

function readEntries(value: Node): readonly RequisiteEntry[] {
  return items(value).flatMap((item): RequisiteEntry[] => {
    if (item.type !== 'map') {
      const name = textOf(item);
      return name === undefined ? [] : [new WrittenRequisite('id', name, item)];
    }
    return namedEntries(item).flatMap((entry) => {
      const name = textOf(entry.value);
      if (name === undefined) return [];
      return [new WrittenRequisite(entry.name.split('.', 1)[0] ?? '', name, entry)];
    });
  });
}

/** What is wrong with the shape of requisites: not a list, a module with a dot, a target that is not text. */
export function checkRequisites({ states }: Declaration): readonly Diagnostic[] {
  return [...states.values()].flatMap(({ items: all }) =>
    all.flatMap((item) => (item.type === 'argument' && isRequisite(item.name) ? checkRequisite(item) : [])),
  );
}

function checkRequisite(argument: Argument): Diagnostic[] {
  const { name: type, value } = argument;
  if (value.type === 'scalar') {
    const summary = `${type} is ${kindOf(value)}, not a list`;
    const fix = `write each state below it as "- module: name"`;
    // Salt refuses the forward ones (verify_high) and passes over the others (requisite_in).
    return /_in$|^use$/.test(type)
      ? [warning('SLAB2012', summary, argument.source, { why: 'so it does nothing', fix })]
      : [mistake('SLAB2012', summary, argument.source, { fix })];
  }
  return items(value).flatMap((item): Diagnostic[] => {
    if (textOf(item) !== undefined) return [];
    if (item.type !== 'map')
      return [mistake('SLAB2012', `an entry of ${type} is ${kindOf(item)}, not a state`, item.source)];
    return namedEntries(item).flatMap((entry) => checkPair(type, entry));
  });
}

function checkPair(type: string, entry: NamedEntry): Diagnostic[] {
  const { name: module, value: target } = entry;
  if (module.includes('.')) {
    const plain = module.split('.', 1)[0] ?? '';
    return [
      mistake('SLAB2012', `${type} names the function ${module}`, entry.source, {
        why: 'a requisite names the state module alone',
        fix: `write "${plain}" instead of "${module}"`,
      }),
    ];
  }
  if (textOf(target) === undefined)
    return [
      mistake('SLAB2012', `${type} names a ${module} state by ${kindOf(target)}, not by text`, entry.source, {
        fix: 'write the name or the ID of the state, in quotes if it looks like a number',
      }),
    ];
  return [];
}

function items(value: Node): readonly Node[] {
  if (value.type === 'list') return value.items;
  return value.type === 'map' ? [value] : [];
}
