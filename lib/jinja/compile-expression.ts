import type { Expression } from './ast.ts';
import { compileCall } from './compile-call.ts';
import { compileList } from './compile-arguments.ts';
import { compileFilter, compileTest } from './compile-filter.ts';
import { getAttribute, getItem } from './access-value.ts';
import { compileName } from './compile-name.ts';
import type { Compiler } from './compiler.ts';
import type { Evaluate, Frame } from './frame.ts';
import { arithmetic, negate } from './python/arithmetic.ts';
import { sliceOf } from './python/access.ts';
import { compare } from './python/compare.ts';
import { dictSet } from './python/dict.ts';
import { checkLength, spendText } from './python/meter.ts';
import { pythonStr } from './python/repr.ts';
import { isTruthy } from './python/truth.ts';
import { Undefined } from './python/undefined.ts';
import { PlainDict, tuple } from './python/value.ts';
import type { Val } from './python/value.ts';
import type { Scope } from './scope.ts';
import type { Site } from './site.ts';

/** Compiles an expression to a closure. */
export function compileExpression(expression: Expression, scope: Scope, compiler: Compiler): Evaluate {
  const { site } = expression;
  const compile = (inner: Expression): Evaluate => compileExpression(inner, scope, compiler);
  switch (expression.type) {
    case 'constant': {
      const { value } = expression;
      return () => value;
    }
    case 'name':
      return compileName(expression.name, site, scope);
    case 'tuple': {
      const items = compileList(expression.items.map(compile));
      return (frame) => tuple(items(frame));
    }
    case 'list':
      return compileList(expression.items.map(compile));
    case 'dict':
      return compileDict(expression, compile);
    case 'attribute': {
      const of = compile(expression.of);
      const { name } = expression;
      return (frame) => getAttribute(frame, of(frame), name, site);
    }
    case 'item': {
      const of = compile(expression.of);
      const key = compile(expression.key);
      return (frame) => getItem(frame, of(frame), key(frame), site);
    }
    case 'slice':
      return compileSlice(expression, compile);
    case 'call':
      return compileCall(expression, compile).evaluate;
    case 'filter':
      return compileFilter(expression, compile, compiler);
    case 'test':
      return compileTest(expression, compile, compiler);
    case 'arithmetic': {
      const left = compile(expression.left);
      const right = compile(expression.right);
      const { operator } = expression;
      return (frame) => {
        const a = left(frame);
        const b = right(frame);
        frame.runtime.at = site;
        return arithmetic(operator, a, b);
      };
    }
    case 'concat':
      return compileConcat(expression.parts, compile, site);
    case 'sign': {
      const value = compile(expression.value);
      const { operator } = expression;
      return (frame) => {
        const operand = value(frame);
        frame.runtime.at = site;
        return negate(operand, operator);
      };
    }
    case 'not': {
      const value = compileCondition(expression.value, scope, compiler);
      return (frame) => !value(frame);
    }
    case 'and': {
      const left = compile(expression.left);
      const right = compile(expression.right);
      return (frame) => {
        const value = left(frame);
        frame.runtime.at = site;
        return isTruthy(value) ? right(frame) : value;
      };
    }
    case 'or': {
      const left = compile(expression.left);
      const right = compile(expression.right);
      return (frame) => {
        const value = left(frame);
        frame.runtime.at = site;
        return isTruthy(value) ? value : right(frame);
      };
    }
    case 'compare':
      return compileComparison(expression, compile);
    case 'if': {
      return compiler.conditionally(() => {
        const test = compileCondition(expression.test, scope, compiler);
        const then = compile(expression.then);
        const otherwise = expression.otherwise === null ? () => noElse(site) : compile(expression.otherwise);
        return (frame) => (test(frame) ? then(frame) : otherwise(frame));
      });
    }
  }
}

/** Compiles an expression whose truth alone matters. */
export function compileCondition(
  expression: Expression,
  scope: Scope,
  compiler: Compiler,
): (frame: Frame) => boolean {
  const value = compileExpression(expression, scope, compiler);
  const { site } = expression;
  return (frame) => {
    const result = value(frame);
    if (typeof result === 'boolean') return result;
    frame.runtime.at = site;
    return isTruthy(result);
  };
}

function noElse(site: Site): Val {
  const line = site.range().line;
  return new Undefined(
    `the inline if-expression on line ${line} evaluated to false and no else section was defined.`,
    {
      site,
      lenient: true,
    },
  );
}

function compileDict(
  expression: Extract<Expression, { type: 'dict' }>,
  compile: (inner: Expression) => Evaluate,
): Evaluate {
  const entries = expression.entries.map((entry) => ({
    key: compile(entry.key),
    value: compile(entry.value),
  }));
  const { site } = expression;
  return (frame) => {
    // Python computes everything before it looks at the keys.
    const computed = entries.map((entry) => [entry.key(frame), entry.value(frame)] as const);
    frame.runtime.at = site;
    const dict = new PlainDict();
    for (const [key, value] of computed) dictSet(dict, key, value);
    return dict;
  };
}

function compileSlice(
  expression: Extract<Expression, { type: 'slice' }>,
  compile: (inner: Expression) => Evaluate,
): Evaluate {
  const of = compile(expression.of);
  const part = (inner: Expression | null): Evaluate => (inner === null ? () => null : compile(inner));
  const start = part(expression.start);
  const stop = part(expression.stop);
  const step = part(expression.step);
  const { site } = expression;
  return (frame) => {
    const value = of(frame);
    const slice = { start: start(frame), stop: stop(frame), step: step(frame) };
    frame.runtime.at = site;
    return sliceOf(value, slice);
  };
}

function compileConcat(
  parts: readonly Expression[],
  compile: (inner: Expression) => Evaluate,
  site: Site,
): Evaluate {
  const values = parts.map(compile);
  return (frame) => {
    // Python computes every part before it makes texts of them.
    const computed = values.map((value) => value(frame));
    frame.runtime.at = site;
    let text = '';
    for (const part of computed) text += pythonStr(part);
    checkLength(text.length);
    spendText(text.length);
    return text;
  };
}

function compileComparison(
  expression: Extract<Expression, { type: 'compare' }>,
  compile: (inner: Expression) => Evaluate,
): Evaluate {
  const first = compile(expression.first);
  const rest = expression.rest.map((part) => ({ ...part, value: compile(part.value) }));
  return (frame) => {
    let left = first(frame);
    for (const part of rest) {
      const right = part.value(frame);
      frame.runtime.at = part.site;
      if (!compare(part.operator, left, right)) return false;
      left = right;
    }
    return true;
  };
}
