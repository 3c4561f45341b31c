import type { Node } from '../model/node.ts';
import type { Amount } from '../model/rollout.ts';
import type { ShapeReader } from './shape.ts';

/** `3`, or `20%`: of hosts. */
export function readAmount(reader: ShapeReader, node: Node, what: string): Amount | undefined {
  const value = node.type === 'scalar' ? node.value : undefined;
  if (typeof value === 'number' && value >= 0) return { count: value };
  const percent = typeof value === 'string' ? /^(\d{1,3})%$/.exec(value) : null;
  if (percent !== null && Number(percent[1]) <= 100) return { percent: Number(percent[1]) };
  reader.complain(node.source, `${what} has to be a number of hosts, or a share of them`, {
    fix: 'write 3, or 20%',
  });
  return undefined;
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `10m`, `30s`; a number is in seconds. @returns milliseconds. */
export function readDuration(reader: ShapeReader, node: Node, what: string): number {
  const value = node.type === 'scalar' ? node.value : undefined;
  if (typeof value === 'number' && value >= 0) return value * 1000;
  const match = typeof value === 'string' ? /^(\d{1,6})(ms|s|m|h)$/.exec(value) : null;
  if (match !== null) return Number(match[1]) * (UNITS_MS[match[2] ?? 's'] ?? 1000);
  reader.complain(node.source, `${what} has to be a duration`, { fix: 'write 30s, 10m or 1h' });
  return 0;
}
