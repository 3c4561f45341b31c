import { comparable } from './equality.ts';
import { PyError, typeError, valueError } from './error.ts';
import { checkLength, spend, spendText } from './meter.ts';
import { printf } from './printf.ts';
import { setDifference, setMembers } from './set.ts';
import { Undefined } from './undefined.ts';
import { isFloat, toFloat, Tuple, tuple, typeName } from './value.ts';
import type { Val } from './value.ts';
import { DictView } from './views.ts';

/** Jinja's arithmetic operators. */
export type Arithmetic = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** Applies an arithmetic operator with Python's rules. @throws PyError where Python raises. */
export function arithmetic(operator: Arithmetic, a: Val, b: Val): Val {
  const left = comparable(a);
  const right = comparable(b);
  if (left !== undefined && right !== undefined) {
    return isFloat(a) || isFloat(b)
      ? toFloat(floats(operator, Number(left), Number(right)))
      : ints(operator, left, right);
  }
  if (a instanceof Undefined) a.fail();
  if (typeof a === 'string' && operator === '%') return printf(a, b);
  if (b instanceof Undefined) b.fail();
  return sequences(operator, a, b) ?? unsupported(operator, a, b);
}

function sequences(operator: Arithmetic, a: Val, b: Val): Val | undefined {
  if (operator === '+') {
    if (typeof a === 'string' && typeof b === 'string') {
      checkLength(a.length + b.length);
      spendText(a.length + b.length);
      return a + b;
    }
    if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
      spend(a.length + b.length);
      return a instanceof Tuple ? tuple([...a, ...b]) : [...a, ...b];
    }
    if (typeof a === 'string') typeError(`can only concatenate str (not "${typeName(b)}") to str`);
    if (Array.isArray(a))
      typeError(`can only concatenate ${typeName(a)} (not "${typeName(b)}") to ${typeName(a)}`);
  }
  if (operator === '-') {
    const members = setMembers(a);
    if (members !== undefined && (a instanceof DictView || setMembers(b) !== undefined))
      return setDifference(members, b);
  }
  if (operator === '*') return repeated(a, b) ?? repeated(b, a);
  return undefined;
}

function repeated(value: Val, by: Val): Val | undefined {
  const times = typeof by === 'boolean' ? Number(by) : by;
  if (typeof times !== 'number' && typeof times !== 'bigint') return undefined;
  if (typeof value !== 'string' && !Array.isArray(value)) return undefined;
  if (typeof times === 'bigint')
    throw new PyError('OverflowError', "cannot fit 'int' into an index-sized integer");
  const count = Math.max(0, times);
  if (typeof value === 'string') {
    checkLength(value.length * count);
    spendText(value.length * count);
    return value.length === 0 ? '' : value.repeat(count);
  }
  spend(value.length * count);
  const items: Val[] = [];
  for (let i = 0; i < count && value.length > 0; i++) for (const each of value) items.push(each);
  return value instanceof Tuple ? tuple(items) : items;
}

function unsupported(operator: Arithmetic, a: Val, b: Val): never {
  const name = operator === '**' ? '** or pow()' : operator;
  typeError(`unsupported operand type(s) for ${name}: '${typeName(a)}' and '${typeName(b)}'`);
}

/** An int in its canonical form: a number where it is exact, a bigint beyond. */
export function fitInt(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function ints(operator: Arithmetic, a: number | bigint, b: number | bigint): Val {
  if (operator === '/') {
    if (b == 0) throw new PyError('ZeroDivisionError', 'division by zero');
    return toFloat(finite(Number(a) / Number(b)));
  }
  if (typeof a === 'number' && typeof b === 'number') {
    const small = smallInts(operator, a, b);
    if (small !== undefined) return small;
  }
  return bigInts(operator, BigInt(a), BigInt(b));
}

/** The result when it is exact in doubles; adding 0 turns -0 into 0. */
function smallInts(operator: Arithmetic, a: number, b: number): number | undefined {
  let result: number;
  switch (operator) {
    case '+':
      result = a + b;
      break;
    case '-':
      result = a - b;
      break;
    case '*':
      result = a * b;
      break;
    case '%':
      if (b === 0) throw new PyError('ZeroDivisionError', 'integer modulo by zero');
      result = modulo(a, b);
      break;
    case '//':
      if (b === 0) throw new PyError('ZeroDivisionError', 'integer division or modulo by zero');
      result = (a - modulo(a, b)) / b;
      break;
    case '**':
    case '/':
      return undefined;
  }
  return Number.isSafeInteger(result) ? result + 0 : undefined;
}

function modulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function bigInts(operator: Arithmetic, a: bigint, b: bigint): Val {
  if (b === 0n && (operator === '//' || operator === '%'))
    throw new PyError('ZeroDivisionError', 'integer division or modulo by zero');
  switch (operator) {
    case '+':
      return fitInt(a + b);
    case '-':
      return fitInt(a - b);
    case '*':
      checkDigits(bitLength(a) + bitLength(b));
      return fitInt(a * b);
    case '%':
      return fitInt(((a % b) + b) % b);
    case '//': {
      const rest = ((a % b) + b) % b;
      return fitInt((a - rest) / b);
    }
    case '/':
      return toFloat(finite(Number(a) / Number(b)));
    case '**':
      if (b < 0n) {
        if (a === 0n) throw new PyError('ZeroDivisionError', '0.0 cannot be raised to a negative power');
        return toFloat(Number(a) ** Number(b));
      }
      if (a !== 0n && a !== 1n && a !== -1n) checkDigits(bitLength(a) * Number(b));
      else if (b > 2n) return fitInt(a ** (2n + (b % 2n)));
      return fitInt(a ** b);
  }
}

function bitLength(value: bigint): number {
  return value.toString(16).length * 4;
}

function checkDigits(bits: number): void {
  if (bits > 1_000_000)
    throw new PyError('OverflowError', 'a number of this template grows beyond 300,000 digits');
  spend(Math.floor(bits / 10_000));
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new PyError('OverflowError', 'int too large to convert to float');
  return value;
}

function floats(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0) throw new PyError('ZeroDivisionError', 'float division by zero');
      return a / b;
    case '%':
      if (b === 0) throw new PyError('ZeroDivisionError', 'float modulo');
      return floatModulo(a, b);
    case '//': {
      if (b === 0) throw new PyError('ZeroDivisionError', 'float floor division by zero');
      // As CPython does it: by the remainder of C's fmod, and one less where that has the other sign. Rounding comes in between.
      const rest = a % b;
      const quotient = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
      // A zero has the sign of the exact quotient.
      if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
      const floored = Math.floor(quotient);
      return quotient - floored > 0.5 ? floored + 1 : floored;
    }
    case '**':
      return floatPower(a, b);
  }
}

function floatModulo(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

function floatPower(a: number, b: number): number {
  if (a === 0 && b < 0) throw new PyError('ZeroDivisionError', '0.0 cannot be raised to a negative power');
  if (a < 0 && Number.isFinite(b) && !Number.isInteger(b)) valueError('the power is a complex number');
  const result = a === 1 || b === 0 ? 1 : a ** b;
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
    throw new PyError('OverflowError', "(34, 'Numerical result out of range')");
  return result;
}

/** Python's unary minus and plus. */
export function negate(value: Val, sign: '-' | '+'): Val {
  if (typeof value === 'number') return sign === '-' ? 0 - value : value;
  if (typeof value === 'boolean') return negate(Number(value), sign);
  if (typeof value === 'bigint') return sign === '-' ? fitInt(-value) : value;
  if (isFloat(value)) return sign === '-' ? toFloat(-value.float) : value;
  if (value instanceof Undefined) value.fail();
  typeError(`bad operand type for unary ${sign}: '${typeName(value)}'`);
}

/** Python's `sum` of two, as `sum` and `avg` need it. */
export function add(a: Val, b: Val): Val {
  return arithmetic('+', a, b);
}
