import type { Node, RepeatMode } from './node.ts';
import { charNode } from './parse-state.ts';
import type { Flags } from './parse-state.ts';
import type { Scanner } from './scanner.ts';
import { PatternError } from './pattern-error.ts';

const MOST = 4294967295;

/** A quantifier, which takes the item before it; `{` that begins none stands for itself. */
export function parseRepeat(
  scanner: Scanner,
  unit: '*' | '+' | '?' | '{',
  items: Node[],
  flags: Flags,
): void {
  const here = scanner.tell();
  const bounds = boundsOf(scanner, unit, here);
  if (bounds === undefined) {
    items.push(charNode(0x7b, flags));
    return;
  }
  const item = items.at(-1);
  const offset = scanner.tell() - here + 1;
  if (item === undefined || item.kind === 'at') throw scanner.error('nothing to repeat', offset);
  if (item.kind === 'repeat') throw scanner.error('multiple repeat', offset);
  let mode: RepeatMode = 'greedy';
  if (scanner.match('?')) mode = 'lazy';
  else if (scanner.match('+')) mode = 'possessive';
  items[items.length - 1] = { kind: 'repeat', ...bounds, mode, items: [item] };
}

function boundsOf(
  scanner: Scanner,
  unit: '*' | '+' | '?' | '{',
  here: number,
): { readonly min: number; readonly max: number } | undefined {
  if (unit === '?') return { min: 0, max: 1 };
  if (unit !== '{') return { min: unit === '+' ? 1 : 0, max: Infinity };
  if (scanner.next === '}') return undefined;
  const low = scanner.getWhile(Infinity, /^[0-9]$/);
  const high = scanner.match(',') ? scanner.getWhile(Infinity, /^[0-9]$/) : low;
  if (!scanner.match('}')) {
    scanner.seek(here);
    return undefined;
  }
  const min = low === '' ? 0 : Number(low);
  const max = high === '' ? Infinity : Number(high);
  if (min >= MOST || (high !== '' && max >= MOST))
    throw new PatternError('the repetition number is too large', scanner.chars);
  if (max < min) throw scanner.error('min repeat greater than max repeat', scanner.tell() - here);
  return { min, max };
}
