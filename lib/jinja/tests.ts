import { arithmetic } from './python/arithmetic.ts';
import { compare } from './python/compare.ts';
import type { Comparison } from './python/compare.ts';
import { valuesEqual } from './python/equality.ts';
import { iterOf } from './python/iterate.ts';
import { BoundMethod, Native, native } from './python/native.ts';
import { pythonStr } from './python/repr.ts';
import { isCased } from './python/text-case.ts';
import { Undefined } from './python/undefined.ts';
import { isFloat, isHostFunction, isInt, PyObject, Tuple } from './python/value.ts';
import type { Val } from './python/value.ts';
import { checkHashable } from './python/equality.ts';
import { DictView, Range } from './python/views.ts';
import { compileRegex, withRegex } from './regex.ts';
import type { RegexOptions } from './regex.ts';
import { textArgument } from './python/arguments.ts';
import { Writer } from './writer.ts';

type Check = (value: Val, argument: Val) => boolean;

const COMPARISONS: readonly (readonly [Comparison, readonly string[]])[] = [
  ['==', ['==', 'eq', 'equalto']],
  ['!=', ['!=', 'ne']],
  ['>', ['>', 'gt', 'greaterthan']],
  ['>=', ['>=', 'ge']],
  ['<', ['<', 'lt', 'lessthan']],
  ['<=', ['<=', 'le']],
  ['in', ['in']],
];

const PLAIN: Readonly<Record<string, (value: Val) => boolean>> = {
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  true: (value) => value === true,
  false: (value) => value === false,
  integer: (value) => isInt(value),
  float: (value) => isFloat(value),
  number: (value) => isInt(value) || isFloat(value) || typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  mapping: (value) => value instanceof Map,
  list: (value) => Array.isArray(value) && !(value instanceof Tuple),
  sequence: isSequence,
  iterable: (value) => iterOf(value) !== undefined,
  callable: isCallable,
  escaped: () => false,
  lower: (value) => cased(pythonStr(value), (text) => text.toLowerCase()),
  upper: (value) => cased(pythonStr(value), (text) => text.toUpperCase()),
  odd: (value) => valuesEqual(arithmetic('%', value, 2), 1),
  even: (value) => valuesEqual(arithmetic('%', value, 2), 0),
};

const BINARY: Readonly<Record<string, readonly [string, Check]>> = {
  divisibleby: ['num', (value, by) => valuesEqual(arithmetic('%', value, by), 0)],
  sameas: ['other', isSame],
};

/** Jinja's tests and Salt's `match`, by name. */
export const builtinTests: ReadonlyMap<string, Native> = new Map<string, Native>([
  ...Object.entries(PLAIN).map(
    ([name, check]) => [name, native(name, 'value', ([value = null]) => check(value))] as const,
  ),
  ...Object.entries(BINARY).map(
    ([name, [parameter, check]]) =>
      [
        name,
        native(name, `value ${parameter}`, ([value = null, other = null]) => check(value, other)),
      ] as const,
  ),
  ...COMPARISONS.flatMap(([operator, names]) =>
    names.map(
      (name) =>
        [name, native(name, 'value other', ([a = null, b = null]) => compare(operator, a, b))] as const,
    ),
  ),
  ['filter', native('filter', 'value', ([name = null], env) => isName(name) && env.hasFilter(name))],
  ['test', native('test', 'value', ([name = null], env) => isName(name) && env.hasTest(name))],
  [
    'match',
    native(
      'match',
      'value pattern ignorecase= multiline=',
      ([value = null, pattern = null, ignoreCase, multiLine]) =>
        matches(value, pattern, { ignoreCase, multiLine }),
    ),
  ],
]);

function matches(value: Val, pattern: Val, options: RegexOptions): boolean {
  const regex = compileRegex(pattern, options);
  const text = textArgument(value, 'text');
  return withRegex(pattern, (budget) => regex.find(text, 'match', budget)) !== undefined;
}

function isName(name: Val): name is string {
  checkHashable(name);
  return typeof name === 'string';
}

function cased(text: string, change: (text: string) => string): boolean {
  return isCased(text) && change(text) === text;
}

function isSequence(value: Val): boolean {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Map || value instanceof Range)
    return true;
  return value instanceof Undefined && value.lenient;
}

function isCallable(value: Val): boolean {
  // Python asks the class, and Jinja's undefined has a method for calls.
  if (value instanceof Undefined) return true;
  return (
    value instanceof Native ||
    value instanceof BoundMethod ||
    value instanceof Writer ||
    isHostFunction(value)
  );
}

function isSame(value: Val, other: Val): boolean {
  if (isFloat(value) || value instanceof PyObject) return value === other && !(value instanceof DictView);
  return value === other;
}
