import { didYouMean } from '../diagnostics/near.ts';
import type { Expression } from './ast.ts';
import { compileArguments } from './compile-arguments.ts';
import type { Compiler } from './compiler.ts';
import type { Evaluate } from './frame.ts';
import { PyError } from './python/error.ts';
import type { Native } from './python/native.ts';
import { isTruthy } from './python/truth.ts';
import { Undefined } from './python/undefined.ts';
import type { Site } from './site.ts';
import { SyntaxFailure } from './token.ts';

/** Compiles a filter; one without a value before it takes the text of its block. One that does not exist is noted. */
export function compileFilter(
  expression: Extract<Expression, { type: 'filter' }>,
  compile: (inner: Expression) => Evaluate,
  compiler: Compiler,
): Evaluate {
  const value = expression.value === null ? compiler.filtered() : compile(expression.value);
  const found = named(compiler.filters, expression, 'filter', compiler);
  const args = compileArguments(expression.args, compile);
  const { site } = expression;
  return (frame) => {
    const { positional, kwargs } = args(frame, value(frame));
    frame.runtime.at = site;
    return found().invoke(positional, kwargs, frame.runtime);
  };
}

/** Compiles a test. One that does not exist is noted. */
export function compileTest(
  expression: Extract<Expression, { type: 'test' }>,
  compile: (inner: Expression) => Evaluate,
  compiler: Compiler,
): Evaluate {
  const { name, not, site } = expression;
  const value = compile(expression.value);
  if (name === 'defined' || name === 'undefined') {
    const wanted = (name === 'undefined') !== not;
    return (frame) => value(frame) instanceof Undefined === wanted;
  }
  const found = named(compiler.tests, expression, 'test', compiler);
  const args = compileArguments(expression.args, compile);
  return (frame) => {
    const { positional, kwargs } = args(frame, value(frame));
    frame.runtime.at = site;
    return isTruthy(found().invoke(positional, kwargs, frame.runtime)) !== not;
  };
}

function named(
  known: ReadonlyMap<string, Native>,
  of: { readonly name: string; readonly site: Site },
  what: 'filter' | 'test',
  compiler: Compiler,
): () => Native {
  const found = known.get(of.name);
  if (found !== undefined) return () => found;
  const message = `No ${what} named '${of.name}'.`;
  const fix = didYouMean(of.name, known.keys());
  // Like Jinja: under an if it may never be needed.
  if (!compiler.isConditional)
    compiler.failures.push(new SyntaxFailure(message, of.site, { fix, unknownFunction: true }));
  return () => {
    throw new PyError('TemplateRuntimeError', message, { site: of.site, fix });
  };
}
