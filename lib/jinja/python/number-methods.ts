import { overflow, valueError } from './error.ts';
import { native } from './native.ts';
import type { Native } from './native.ts';
import { floatText } from './number-text.ts';
import { isFloat, isInt, pair, toFloat } from './value.ts';
import type { Val } from './value.ts';

/** Python's methods of int and bool, by name; those that yield or take bytes are not there. */
const intMethods: ReadonlyMap<string, Native> = named([
  method('as_integer_ratio', (self) => pair(whole(self), 1)),
  method('bit_count', (self) => bits(self).replaceAll('0', '').length),
  method('bit_length', (self) => (whole(self) === 0 ? 0 : bits(self).length)),
  method('conjugate', whole),
]);

/** Python's methods of float, by name. */
const floatMethods: ReadonlyMap<string, Native> = named([
  method('as_integer_ratio', (self) => ratio(floatOf(self))),
  method('conjugate', (self) => self),
  method('hex', (self) => hex(floatOf(self))),
  method('is_integer', (self) => Number.isInteger(floatOf(self))),
]);

/** The methods of a number; undefined for anything else. */
export function numberMethods(value: Val): ReadonlyMap<string, Native> | undefined {
  if (isInt(value) || typeof value === 'boolean') return intMethods;
  return isFloat(value) ? floatMethods : undefined;
}

/** What a number has besides its methods: `real`, `imag`, and of an int `numerator` and `denominator`. */
export function numberAttribute(value: Val, name: string): Val | undefined {
  if (isFloat(value)) return name === 'real' ? value : name === 'imag' ? toFloat(0) : undefined;
  if (!isInt(value) && typeof value !== 'boolean') return undefined;
  if (name === 'real' || name === 'numerator') return whole(value);
  return name === 'imag' ? 0 : name === 'denominator' ? 1 : undefined;
}

function method(name: string, run: (self: Val) => Val): Native {
  return native(name, 'self', ([self = null]) => run(self));
}

function named(methods: readonly Native[]): ReadonlyMap<string, Native> {
  return new Map(methods.map((entry) => [entry.name, entry]));
}

/** An int; True is 1. */
function whole(self: Val): number | bigint {
  return isInt(self) ? self : Number(self);
}

function bits(self: Val): string {
  return whole(self).toString(2).replace('-', '');
}

function floatOf(self: Val): number {
  return isFloat(self) ? self.float : Number(self);
}

/** Every finite float is a fraction over a power of two. */
function ratio(value: number): Val {
  if (Number.isNaN(value)) valueError('cannot convert NaN to integer ratio');
  if (!Number.isFinite(value)) overflow('cannot convert Infinity to integer ratio');
  let top = value;
  let bottom = 1n;
  while (!Number.isInteger(top)) {
    top *= 2;
    bottom *= 2n;
  }
  return pair(small(BigInt(top)), small(bottom));
}

function small(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** C's `%a`, as Python writes it: `0x1.4000000000000p+1`. */
function hex(value: number): string {
  if (!Number.isFinite(value)) return floatText(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const all = view.getBigUint64(0);
  const exponent = Number(all >> 52n);
  const fraction = (all & ((1n << 52n) - 1n)).toString(16).padStart(13, '0');
  if (value === 0) return `${sign}0x0.0p+0`;
  // Below 2^-1022 there is no leading one.
  const power = exponent === 0 ? -1022 : exponent - 1023;
  return `${sign}0x${exponent === 0 ? 0 : 1}.${fraction}p${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}
