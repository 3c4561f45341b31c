import { typeError } from './error.ts';
import { isTruthy } from './truth.ts';
import { Undefined } from './undefined.ts';
import { typeName } from './value.ts';
import type { Val } from './value.ts';

/** An int argument; `otherwise` when it was left out. @throws PyError for anything but an int. */
export function intArgument(value: Val | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof Undefined) value.fail();
  if (typeof value === 'bigint') return Number(value);
  typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** A str argument. @throws PyError for anything else. */
export function textArgument(value: Val | undefined, what = 'argument'): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) value.fail();
  typeError(`${what} must be str, not ${typeName(value ?? null)}`);
}

/** A str argument that may be None or left out. */
export function optionalText(value: Val | undefined, what = 'argument'): string | undefined {
  return value === undefined || value === null ? undefined : textArgument(value, what);
}

/** An argument used as a condition. */
export function flagArgument(value: Val | undefined, otherwise: boolean): boolean {
  return value === undefined ? otherwise : isTruthy(value);
}
