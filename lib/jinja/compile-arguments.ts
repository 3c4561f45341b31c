import type { Arguments, Expression, NamedArgument } from './ast.ts';
import type { Evaluate, Frame } from './frame.ts';
import { PyError, typeError } from './python/error.ts';
import { iterOf, toList } from './python/iterate.ts';
import { Undefined } from './python/undefined.ts';
import { typeName } from './python/value.ts';
import type { Kwargs, Val } from './python/value.ts';

/** The arguments of one call. */
export interface Evaluated {
  readonly positional: Val[];
  readonly kwargs: Kwargs;
}

/** Compiles a list whose members are compiled already. */
export function compileList(items: readonly Evaluate[]): (frame: Frame) => Val[] {
  const [first, second] = items;
  if (first === undefined) return () => [];
  if (second === undefined) return (frame) => [first(frame)];
  return (frame) => {
    const list: Val[] = [];
    for (const item of items) list.push(item(frame));
    return list;
  };
}

/** Compiles arguments; `self`, when given, goes before the others. */
export function compileArguments(
  args: Arguments,
  compile: (inner: Expression) => Evaluate,
): (frame: Frame, self?: Val) => Evaluated {
  const positional = args.positional.map(compile);
  const simple = args.named.length === 0 && args.star === undefined && args.doubleStar === undefined;
  if (simple)
    return (frame, self) => {
      const values: Val[] = self === undefined ? [] : [self];
      for (const value of positional) values.push(value(frame));
      return { positional: values, kwargs: null };
    };
  const named = args.named.map(({ name, value }) => ({ name, value: compile(value) }));
  const star = args.star && compile(args.star);
  const doubleStar = args.doubleStar && compile(args.doubleStar);
  return (frame, self) => {
    const values: Val[] = self === undefined ? [] : [self];
    for (const value of positional) values.push(value(frame));
    const kwargs = new Map<string, Val>();
    for (const { name, value } of named) kwargs.set(name, value(frame));
    if (star !== undefined) spread(star(frame), values);
    if (doubleStar !== undefined) spreadNamed(doubleStar(frame), kwargs);
    return { positional: values, kwargs };
  };
}

function spread(value: Val, into: Val[]): void {
  if (iterOf(value) === undefined) typeError(`argument after * must be an iterable, not ${typeName(value)}`);
  for (const item of toList(value)) into.push(item);
}

function spreadNamed(value: Val, into: Map<string, Val>): void {
  if (value instanceof Undefined) value.fail();
  if (!(value instanceof Map)) typeError(`argument after ** must be a mapping, not ${typeName(value)}`);
  for (const [key, item] of value) {
    if (typeof key !== 'string') typeError('keywords must be strings');
    if (into.has(key)) typeError(`got multiple values for keyword argument '${key}'`);
    into.set(key, item);
  }
}

/** An error about a keyword of a call, with the place where the call writes it; others as they are. */
export function atKeyword(error: unknown, named: readonly NamedArgument[]): unknown {
  if (!(error instanceof PyError) || error.keyword === undefined || error.site !== undefined) return error;
  const written = named.find(({ name }) => name === error.keyword);
  return written === undefined
    ? error
    : new PyError(error.type, error.message, { site: written.site, fix: error.fix });
}
