import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Node } from '../model/node.ts';
import type { Declaration, Item, StateBody } from './high-state.ts';
import { WrittenArgument } from './high-state.ts';
import { hasErrors, mistake, warning } from './mistake.ts';
import type { Placed } from './node-shape.ts';
import { isNull, kindOf, namedEntries, scalar, textOf } from './node-shape.ts';

/** One ID as it stands in a document. */
export interface WrittenId {
  readonly id: string;
  readonly at: Placed;
  readonly sls: string;
  readonly saltenv: string;
  readonly body: Node;
}

/**
 * Reads the body of one ID: `state.fun`, `{state.fun: arguments}` or `{state: [fun, arguments]}`.
 * Arguments are Salt's list of one-key maps, or one plain map. A declaration needs a function; an extension may leave it out.
 */
export function readDeclaration(
  written: WrittenId,
  purpose: 'declaration' | 'extension',
): Checked<Declaration> {
  const { id, at, sls, saltenv, body } = written;
  const short = textOf(body);
  if (short?.includes('.')) {
    const { module, fun } = split(short);
    const item: Item = { type: 'function', name: fun ?? '', at: body };
    const states = new Map([[module, { module, at: body, items: [item] }]]);
    return { value: { id, at, sls, saltenv, states }, diagnostics: [] };
  }
  if (body.type !== 'map')
    return {
      diagnostics: [
        mistake(
          'SLAB2012',
          `ID ${id} holds ${kindOf(body)}, not a state`,
          at.source,
          /^[a-z_]+\.[a-z_]+$/.test(id) ? NOT_INDENTED : BODY_FIX,
        ),
      ],
    };

  const diagnostics: Diagnostic[] = [];
  const states = new Map<string, StateBody>();
  const entries = namedEntries(body).filter((entry) => !entry.name.startsWith('_'));
  // Salt takes the dotted keys out and puts them back at the end; automatic order numbers follow that order.
  const plainFirst = [
    ...entries.filter((entry) => !entry.name.includes('.')),
    ...entries.filter((entry) => entry.name.includes('.')),
  ];
  for (const entry of plainFirst) {
    const { module, fun } = split(entry.name);
    const first = states.get(module);
    if (first !== undefined) {
      diagnostics.push(
        mistake('SLAB2012', `ID ${id} has two ${module} states`, entry.source, {
          why: 'one ID holds at most one state of each module',
          fix: 'give the second one an ID of its own and set its name',
          related: [{ source: first.at.source, message: 'the first one' }],
        }),
      );
      continue;
    }
    const own: Item[] = fun === undefined ? [] : [{ type: 'function', name: fun, at: entry }];
    const state: StateName = { id, label: entry.name, at: entry };
    const found: Diagnostic[] = [];
    const items = [...readArguments(entry.value, state, found), ...own];
    checkFunctions(items, state, purpose, found);
    for (const each of found) diagnostics.push(each);
    // A declaration without function is refused; it keeps its place so that requisites on it are not refused as well.
    const lacks = purpose === 'declaration' && !items.some((item) => item.type === 'function');
    if (lacks && !PASSED_OVER.has(entry.name)) items.push({ type: 'function', name: '', at: entry });
    states.set(module, { module, at: entry, items });
  }
  if (states.size === 0 && diagnostics.length === 0)
    diagnostics.push(mistake('SLAB2012', `ID ${id} holds no state`, at.source, BODY_FIX));
  return { value: { id, at, sls, saltenv, states }, diagnostics };
}

/**
 * What Salt passes over where a state should stand without a function (State.verify_high). Other requisites it refuses there.
 */
export const PASSED_OVER: ReadonlySet<string> = new Set(['require', 'watch']);

/** A state for sentences. */
interface StateName {
  readonly id: string;
  /** `file.managed` or `file`, as written. */
  readonly label: string;
  readonly at: Placed;
}

const NOT_INDENTED = {
  why: 'it looks like a state, but stands where IDs stand',
  fix: 'indent it by two spaces, below the ID it belongs to',
};

const BODY_FIX = { fix: 'write a state such as "file.managed:" below it' };

function split(name: string): { module: string; fun?: string } {
  const dot = name.indexOf('.');
  return dot === -1 ? { module: name } : { module: name.slice(0, dot), fun: name.slice(dot + 1) };
}

function readArguments(node: Node, state: StateName, diagnostics: Diagnostic[]): Item[] {
  if (node.type === 'map') return readMap(node, diagnostics);
  if (node.type === 'list') return node.items.flatMap((item) => readListItem(item, state, diagnostics));
  const nothing = isNull(node);
  const { source: place } = nothing ? state.at : node;
  const word = textOf(node);
  // `service: running` under an ID: short forms hold module and function in one word.
  const isFunction = word !== undefined && /^[a-z_]+$/.test(word) && !state.label.includes('.');
  diagnostics.push(
    mistake('SLAB2012', `${state.label} of ID ${state.id} is followed by ${kindOf(node)}`, place, {
      why: nothing ? 'a colon promises arguments' : 'arguments are a list or a mapping',
      fix: nothing
        ? `write "${state.label}: []", or "${state.id}: ${state.label}" without arguments`
        : isFunction
          ? `write "${state.label}.${word}: []"`
          : 'write each argument as "- name: value"',
    }),
  );
  return [];
}

function readListItem(item: Node, state: StateName, diagnostics: Diagnostic[]): Item[] {
  if (item.type === 'map') return readMap(item, diagnostics, true);
  const name = textOf(item);
  if (name === undefined) {
    diagnostics.push(
      warning('SLAB2012', `an argument of ${state.label} in ID ${state.id} is ${kindOf(item)}`, item.source, {
        why: 'it has no name and is passed over, as in Salt',
        fix: 'write it as "- name: value"',
      }),
    );
    return [];
  }
  if (/\s/.test(name)) {
    const [first = '', ...rest] = name.split(/\s+/);
    const value = rest.join(' ');
    diagnostics.push(
      mistake('SLAB2012', `"${name}" in ID ${state.id} is neither an argument nor a function`, item.source, {
        why: 'a colon is missing',
        fix: `write "- ${first}: ${value}"`,
      }),
    );
    // What was meant is clear, so the rest is checked as if it stood there.
    return [{ type: 'argument', name: first, source: item.source, value: scalar(value, item.source) }];
  }
  const [, key, value] = /^([\w-]+):(\S.*)$/s.exec(name) ?? [];
  if (key !== undefined && value !== undefined) {
    diagnostics.push(
      mistake('SLAB2012', `"${name}" in ID ${state.id} is neither an argument nor a function`, item.source, {
        why: 'a space is missing behind the colon',
        fix: `write "- ${key}: ${value}"`,
      }),
    );
    // What was meant is clear, so the rest is checked as if it stood there.
    return [{ type: 'argument', name: key, source: item.source, value: scalar(value, item.source) }];
  }
  return [{ type: 'function', name, at: item }];
}

/** @param isListed whether it is an entry of a list, where Salt looks at the first key in some places. */
function readMap(node: Node & { type: 'map' }, diagnostics: Diagnostic[], isListed = false): Item[] {
  return namedEntries(node).map((entry, index): Item => {
    const { name, value } = entry;
    if (name === 'names' && value.type !== 'list')
      diagnostics.push(
        mistake('SLAB2012', `names is ${kindOf(value)}, not a list`, entry.source, {
          fix: 'write one name, or a list of names',
        }),
      );
    return new WrittenArgument(entry, isListed && index > 0);
  });
}

function checkFunctions(
  items: readonly Item[],
  state: StateName,
  purpose: 'declaration' | 'extension',
  diagnostics: Diagnostic[],
): void {
  const functions = items.filter((item) => item.type === 'function');
  const [first, second] = functions;
  if (first !== undefined && second !== undefined)
    diagnostics.push(
      mistake(
        'SLAB2012',
        `${state.label} of ID ${state.id} names two functions, ${first.name} and ${second.name}`,
        second.at.source,
        {
          why: 'a word alone in the list is the function',
          fix: 'if it is an argument, give it a colon and a value',
          related: [{ source: first.at.source, message: 'the other one' }],
        },
      ),
    );
  // Where the arguments could not be read, a missing function is no news.
  const unread = hasErrors(diagnostics);
  if (first === undefined && purpose === 'declaration' && !unread && !PASSED_OVER.has(state.label))
    diagnostics.push(
      mistake('SLAB2012', `${state.label} of ID ${state.id} names no function`, state.at.source, {
        fix: functionFix(items, state.label),
      }),
    );
}

/** The function may stand one level too deep: `file: {managed: [...]}`. */
function functionFix(items: readonly Item[], label: string): string {
  const [only, another] = items;
  return only?.type === 'argument' && another === undefined && only.value.type !== 'scalar'
    ? `write "${label}.${only.name}:", with its arguments below it`
    : 'write module and function with a dot between them, as in "file.managed:"';
}
