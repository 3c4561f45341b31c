import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Declaration, Exclusion, Extension, HighState, SlsBranch, StateBody } from './high-state.ts';
import { mistake, warning } from './mistake.ts';
import { rememberOf } from './remember-of.ts';
import { checkRequisites } from './requisite-entry.ts';

/** Everything the rendered SLS say, before extend, requisites and exclude are applied. */
export interface Assembly {
  readonly high: HighState;
  /** In the order in which they are applied: outer file first, so that an included file's extend wins. */
  readonly extensions: readonly Extension[];
  readonly exclusions: readonly Exclusion[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The first number Salt gives to a state without `order`. */
const FIRST_ORDER = 10_000;

/**
 * Merges the rendered SLS into one high state and numbers the states without `order`: an SLS gets its numbers only
 * after everything it includes has its own. An ID declared twice is reported with both places.
 */
export function assemble(roots: readonly SlsBranch[], autoOrder = true): Assembly {
  const state: Numbering = { autoOrder, next: FIRST_ORDER, diagnostics: [] };
  const parts = roots.map((root) => assembleBranch(root, state));
  const whole: Part = { high: new Map(), extensions: [], exclusions: [] };
  for (const part of parts) absorb(whole, part, state.diagnostics);
  return { ...whole, diagnostics: state.diagnostics };
}

interface Part {
  readonly high: HighState;
  readonly extensions: Extension[];
  readonly exclusions: Exclusion[];
}

interface Numbering {
  /** Salt's `state_auto_order`; without it nothing gets a number. */
  readonly autoOrder: boolean;
  next: number;
  readonly diagnostics: Diagnostic[];
}

const requisiteMistakes = rememberOf(checkRequisites);

function assembleBranch(branch: SlsBranch, state: Numbering): Part {
  const { content } = branch;
  // Not where they are read: a requisite of the wrong shape takes no state away that others could name.
  for (const declaration of [...content.declarations, ...content.extensions])
    for (const each of requisiteMistakes(declaration)) state.diagnostics.push(each);
  const own: Part = {
    high: new Map(),
    extensions: [...content.extensions],
    exclusions: [...content.exclusions],
  };
  // The IDs take their places now and their numbers after the includes have theirs.
  for (const declaration of content.declarations) declare(own.high, declaration, state.diagnostics);
  const ids = [...own.high.keys()];
  for (const child of branch.branches) absorb(own, assembleBranch(child, state), state.diagnostics);
  for (const id of ids) {
    const declaration = own.high.get(id);
    if (declaration === undefined) continue;
    const states = new Map<string, StateBody>();
    for (const [module, body] of declaration.states)
      states.set(module, state.autoOrder ? numbered(body, state) : body);
    own.high.set(id, { ...declaration, states });
  }
  return own;
}

function absorb(into: Part, part: Part, diagnostics: Diagnostic[]): void {
  for (const declaration of part.high.values()) declare(into.high, declaration, diagnostics);
  for (const each of part.extensions) into.extensions.push(each);
  for (const each of part.exclusions) into.exclusions.push(each);
}

function declare(high: HighState, declaration: Declaration, diagnostics: Diagnostic[]): void {
  const first = high.get(declaration.id);
  if (first === undefined) {
    high.set(declaration.id, declaration);
    return;
  }
  const [one, other] = [first, declaration].map(({ sls, saltenv }) =>
    first.saltenv === declaration.saltenv ? sls : `${saltenv}:${sls}`,
  );
  const where = one === other ? `twice in ${one ?? ''}` : `in ${one ?? ''} and in ${other ?? ''}`;
  diagnostics.push(
    mistake('SLAB2013', `ID ${declaration.id} is declared ${where}`, declaration.at.source, {
      why: 'IDs are unique over all SLS files of a run',
      fix: 'rename one of them and set its name, or use extend to change the other',
      related: [{ source: first.at.source, message: `first declared here, in ${first.sls}` }],
    }),
  );
}

/** Salt sees an order only where it is the first key of its entry; elsewhere its own number takes the place. */
function numbered(body: StateBody, state: Numbering): StateBody {
  const orders = body.items.filter((item) => item.type === 'argument').filter(({ name }) => name === 'order');
  if (orders.some(({ behind }) => behind === undefined)) return body;
  for (const { source } of orders)
    state.diagnostics.push(
      warning('SLAB2012', 'this order is passed over', source, {
        why: 'it stands behind another argument in one entry of the list, where Salt does not see it',
        fix: 'write it as an entry of its own: "- order: ..."',
      }),
    );
  const items =
    orders.length === 0
      ? body.items
      : body.items.filter((item) => !(item.type === 'argument' && item.name === 'order'));
  return { ...body, items, order: state.next++ };
}
