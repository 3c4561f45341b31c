import { targetNames } from './analyze-names.ts';
import type { Statement } from './ast.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import { compileTarget } from './compile-name.ts';
import type { CompileBody } from './compile-scope.ts';
import type { Compiler } from './compiler.ts';
import { BREAK, Frame, NORMAL } from './frame.ts';
import type { Execute } from './frame.ts';
import { Loop } from './loop.ts';
import type { Output } from './output.ts';
import { iterate, lengthOf } from './python/iterate.ts';
import { spend } from './python/meter.ts';
import type { Iter, Val } from './python/value.ts';
import { PyObject } from './python/value.ts';
import { FunctionScope, Scope } from './scope.ts';

type For = Extract<Statement, { type: 'for' }>;

function isScopedBlock(statement: Statement): boolean {
  return statement.type === 'block' && statement.scoped;
}

/** Compiles a for loop. */
export function compileLoop(loop: For, scope: Scope, compiler: Compiler, compileBody: CompileBody): Execute {
  const iterable = compileExpression(loop.iter, scope, compiler);
  const fn = loop.recursive ? new FunctionScope() : scope.fn;
  const filter = compileFilter(loop, new Scope(fn, scope), compiler);
  const inner = new Scope(fn, scope);
  const loopSlot = inner.declare('loop');
  for (const name of targetNames(loop.target)) inner.declare(name);
  const assign = compileTarget(loop.target, inner);
  const body = compileBody(loop.body, inner);
  const otherwise = compileBody(loop.otherwise, new Scope(fn, scope));
  const usesLoop = inner.used.has('loop') || loop.recursive || loop.body.some(isScopedBlock);
  // As in Jinja, what is included sees the loop only if the loop itself speaks of it.
  if (!usesLoop) inner.forget('loop');
  const site = loop.iter.site;

  const walk = (
    frame: Frame,
    value: Val,
    depth: number,
    again: ((iterable: Val, depth: number, out: Output) => void) | null,
  ) => {
    frame.runtime.at = site;
    const plain = iterate(value);
    const source = filter === null ? plain : filter(frame, plain);
    const count =
      filter === null && (!(value instanceof PyObject) || value.length() !== undefined)
        ? lengthOf(value)
        : undefined;
    const state = usesLoop ? new Loop(source, { count, depth, again }) : null;
    let any = false;
    for (;;) {
      frame.runtime.at = site;
      const item = state === null ? source.next() : state.advance();
      if (item === undefined) break;
      spend(1);
      if (state !== null) frame.slots[loopSlot] = state;
      assign(frame, item);
      const signal = body(frame);
      if (signal === BREAK) break;
      // In Jinja a round that `continue` or `break` cuts short is none to the `else`.
      if (signal === NORMAL) any = true;
    }
    return any ? NORMAL : otherwise(frame);
  };

  if (!loop.recursive) return (frame) => walk(frame, iterable(frame), 0, null);
  return (home) => {
    const { context, runtime } = home;
    const run = (value: Val, depth: number, out: Output): void => {
      const outer = runtime.enter(runtime.at);
      const frame = new Frame(fn.slots, home, { context, runtime, out });
      walk(frame, value, depth, run);
      runtime.leave(outer);
    };
    const value = iterable(home);
    const frame = new Frame(fn.slots, home, { context, runtime, out: home.out });
    walk(frame, value, 0, run);
    return NORMAL;
  };
}

function compileFilter(
  loop: For,
  scope: Scope,
  compiler: Compiler,
): ((frame: Frame, source: Iter) => Iter) | null {
  if (loop.test === null) return null;
  for (const name of targetNames(loop.target)) scope.declare(name);
  const assign = compileTarget(loop.target, scope);
  const test = compileCondition(loop.test, scope, compiler);
  return (frame, source) => ({
    next: () => {
      for (let item = source.next(); item !== undefined; item = source.next()) {
        spend(1);
        assign(frame, item);
        if (test(frame)) return item;
      }
      return undefined;
    },
  });
}
