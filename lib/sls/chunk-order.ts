import type { Chunk } from '../model/state.ts';
import type { Node } from '../model/node.ts';
import type { Draft } from './chunks.ts';
import type { LowChunk } from './low-chunk.ts';

/** Room that Salt leaves between the highest number written and the states without one. */
const CAP_MARGIN = 100;
/** Where Salt puts `order: last` and negative orders. */
const LAST = 1_000_000;

/**
 * Numbers and sorts chunks as Salt does: a missing or unreadable order runs after every number written before or
 * after it, `last` after those, `-1` just before `last`, `first` at 0; equal numbers by module, name and function.
 */
export function orderChunks(drafts: readonly Draft[]): LowChunk[] {
  const orders = drafts.map(({ order }) => valueOf(order));
  let cap = 1;
  for (const order of orders)
    if (typeof order === 'number' && Number.isInteger(order) && order > 0 && order > cap - 1)
      cap = order + CAP_MARGIN;

  for (const [index, { chunk, nameIndex }] of drafts.entries())
    chunk.order = settle(orders[index], nameIndex, cap);
  return drafts
    .map(({ chunk }) => chunk)
    .sort((a, b) => a.order - b.order || byCodePoint(sortText(a), sortText(b)));
}

function settle(order: number | string | undefined, nameIndex: number | undefined, cap: number): number {
  if (order === undefined) return cap;
  const base =
    order === 'last' ? cap + LAST : order === 'first' ? 0 : typeof order === 'number' ? order : cap;
  const exact = base + (nameIndex ?? 0) / 10_000;
  return exact < 0 ? cap + LAST + exact : exact;
}

function sortText({ module, name, fun }: Chunk): string {
  return `${module}${name}${fun}`;
}

function valueOf(order: Node | number | undefined): number | string | undefined {
  if (order === undefined || typeof order === 'number') return order;
  if (order.type !== 'scalar' || order.value === null) return '';
  const { value } = order;
  if (typeof value === 'object') return value.float;
  return typeof value === 'boolean' || typeof value === 'bigint' ? Number(value) : value;
}

/** Python compares strings by code point; JavaScript's `<` by UTF-16 unit, which differs beyond the basic plane. */
function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [Array.from(a), Array.from(b)];
  for (const [index, letter] of left.entries()) {
    const difference = (letter.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? -1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
