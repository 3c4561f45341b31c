import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Node } from '../model/node.ts';
import type { Chunk, ChunkArgument, ChunkKey } from '../model/state.ts';
import { PASSED_OVER } from './declaration.ts';
import type { Argument, Declaration, HighState, Item, StateBody } from './high-state.ts';
import { WrittenArgument } from './high-state.ts';
import { LowChunk } from './low-chunk.ts';
import { mistake, warning } from './mistake.ts';
import type { Placed } from './node-shape.ts';
import { kindOf, namedEntries, printedText, textOf } from './node-shape.ts';
import { rememberOf } from './remember-of.ts';

/** A chunk whose requisites are not resolved yet and whose number is not settled. */
export interface Draft {
  readonly chunk: LowChunk;
  /** Undefined when the state has none: it came in by an extend. */
  readonly order: Node | number | undefined;
  /** From 1, for each entry of `names`. */
  readonly nameIndex?: number;
}

/** Never arguments: `state` is dropped, `fun` is the function, the names become the chunk's own. */
const TAKEN_OUT = new Set(['state', 'fun', 'name', 'names']);

/** Cuts a high state into chunks, one for each entry of `names`, in the order of the high state. */
export function cutChunks(high: HighState): { drafts: Draft[]; diagnostics: Diagnostic[] } {
  const drafts: Draft[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const declaration of high.values())
    for (const body of declaration.states.values())
      for (const each of cutState(declaration, body, diagnostics)) drafts.push(each);
  return { drafts, diagnostics: [...diagnostics, ...sameKeys(drafts)] };
}

function cutState(declaration: Declaration, body: StateBody, diagnostics: Diagnostic[]): Draft[] {
  const fun = body.items.find((item) => item.type === 'function');
  if (fun === undefined) {
    diagnostics.push(withoutFunction(declaration, body));
    return [];
  }
  const written = body.items.filter((item) => item.type === 'argument');
  const base: Shape = {
    declaration,
    body,
    fun: fun.name,
    args: argumentsOf(body.items),
    order: orderOf(written, body),
  };
  const entries = namesOf(written);
  if (entries.length === 0) return [draft(base, ownName(written, declaration, diagnostics))];
  return entries.map((entry, index) => {
    const args =
      entry.overrides.length === 0 ? base.args : new Map([...base.args, ...argumentsOf(entry.overrides)]);
    const order = orderOf(entry.overrides, {
      ...body,
      ...(base.order === undefined ? {} : { order: base.order }),
    });
    return { ...draft({ ...base, args, order }, entry), nameIndex: index + 1 };
  });
}

/**
 * A declaration without function was refused before. What is left is a requisite that stands beside the states, or a module
 * that an extend or a requisite_in named although the ID has none. Salt makes no chunk of it and says nothing.
 */
function withoutFunction({ id, states }: Declaration, { module, at }: StateBody): Diagnostic {
  const declared = [...states.keys()].filter((other) => other !== module);
  if (PASSED_OVER.has(module))
    return warning(
      'SLAB2012',
      `${module} of ID ${id} stands beside its states and is passed over`,
      at.source,
      {
        why: 'it is an argument of a state; Salt says nothing here',
        fix: `write it as "- ${module}:" below ${declared[0] ?? 'a state'}`,
      },
    );
  return warning('SLAB2016', `ID ${id} has no ${module} state`, at.source, {
    why: `it holds ${declared.join(', ')}`,
    fix: 'name one of those, or add a function',
  });
}

interface Shape {
  readonly declaration: Declaration;
  readonly body: StateBody;
  readonly fun: string;
  readonly args: ReadonlyMap<string, ChunkArgument>;
  readonly order: Node | number | undefined;
}

function draft({ declaration, body, fun, args, order }: Shape, { name, at: nameAt }: Named): Draft {
  const { id, sls, saltenv: env } = declaration;
  const { module, at } = body;
  return { chunk: new LowChunk({ id, module, fun, name, sls, env, args, at, nameAt }), order };
}

/** The same map for the same items: what is read of a state's arguments is read once for all hosts that share them. */
const argumentsOf = rememberOf((items: readonly Item[]): ReadonlyMap<string, ChunkArgument> => {
  const args = new Map<string, ChunkArgument>();
  for (const item of items)
    if (item.type === 'argument' && !TAKEN_OUT.has(item.name)) args.set(item.name, item);
  return args;
});

function orderOf(
  items: readonly Argument[],
  otherwise: { readonly order?: Node | number },
): Node | number | undefined {
  return items.findLast((item) => item.name === 'order')?.value ?? otherwise.order;
}

function ownName(items: readonly Argument[], declaration: Declaration, diagnostics: Diagnostic[]): Named {
  const byId = { name: declaration.id, at: declaration.at };
  const written = items.findLast((item) => item.name === 'name');
  if (written === undefined) return byId;
  const name = textOf(written.value);
  if (name !== undefined) return { name, at: written.value };
  diagnostics.push(
    warning(
      'SLAB2012',
      `the name of ID ${declaration.id} is ${kindOf(written.value)}, not text`,
      written.source,
      {
        why: 'the ID is taken in its place, as Salt does',
        fix: 'put the name in quotes',
      },
    ),
  );
  return byId;
}

/** A name, and where it is written. */
interface Named {
  readonly name: string;
  readonly at: Placed;
}

interface NameEntry extends Named {
  readonly overrides: readonly Argument[];
}

function namesOf(items: readonly Argument[]): NameEntry[] {
  const entries = items
    .filter((item) => item.name === 'names')
    .flatMap((item) => (item.value.type === 'list' ? item.value.items : []));
  const seen = new Set<string>();
  return entries.flatMap((node): NameEntry[] => {
    if (node.type === 'map') {
      const [first] = namedEntries(node);
      return first === undefined
        ? []
        : [{ name: first.name, at: first, overrides: overridesIn(first.value) }];
    }
    const name = printedText(node);
    if (name === undefined || seen.has(name)) return [];
    seen.add(name);
    return [{ name, at: node, overrides: [] }];
  });
}

function overridesIn(node: Node): Argument[] {
  const maps = node.type === 'list' ? node.items : [node];
  return maps.flatMap((map) =>
    map.type === 'map' ? namedEntries(map).map((entry) => new WrittenArgument(entry)) : [],
  );
}

function sameKeys(drafts: readonly Draft[]): Diagnostic[] {
  const first = new Map<ChunkKey, Chunk>();
  return drafts.flatMap(({ chunk }) => {
    const other = first.get(chunk.key);
    first.set(chunk.key, other ?? chunk);
    if (other === undefined) return [];
    return [mistake('SLAB2013', `ID ${chunk.id} lists the name ${chunk.name} twice`, chunk.source)];
  });
}
