import type { HostValue } from '../../jinja/api.ts';
import type { Value } from '../../model/value.ts';
import { isDict } from '../traverse.ts';

/** Whether a value is data, not a function or an object of slab. */
export function isData(value: HostValue): value is Value {
  return !(typeof value === 'object' && value !== null && ('call' in value || 'member' in value));
}

/** Whether Python takes a value for true. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isDict(value)) return value.size > 0;
  if (typeof value === 'object' && value !== null) return value.float !== 0;
  return Boolean(value);
}
