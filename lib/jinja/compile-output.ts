import type { Expression, Statement } from './ast.ts';
import { compileCall } from './compile-call.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import type { Compiler } from './compiler.ts';
import { failureDiagnostic } from './diagnose.ts';
import { NORMAL } from './frame.ts';
import type { Execute } from './frame.ts';
import { PyError, type PyErrorType } from './python/error.ts';
import { pythonStr } from './python/repr.ts';
import type { Scope } from './scope.ts';

/** Once a template has extended another, what it writes itself is not wanted; not even computed. */
export function guarded(step: Execute, compiler: Compiler): Execute {
  if (!compiler.extends || compiler.isCapturing) return step;
  return (frame) => (frame.parent === null ? step(frame) : NORMAL);
}

/** Compiles text that stands in the template as it is. */
export function compileText({ site }: Statement, compiler: Compiler): Execute {
  const text = site.source.text.slice(site.start, site.end);
  return guarded((frame) => {
    frame.out.write(text, site, frame.runtime.via, true);
    return NORMAL;
  }, compiler);
}

/** Compiles `{{ }}`. */
export function compileOutput(expression: Expression, scope: Scope, compiler: Compiler): Execute {
  return guarded(goingOn(compilePrint(expression, scope, compiler)), compiler);
}

/**
 * Notes a mistake and goes on without the text, so that a rendering tells all of its mistakes at once. Only where the
 * text is nothing but written: what a template computes from it would be wrong as well.
 */
function goingOn(print: Execute): Execute {
  return (frame) => {
    const { runtime, out } = frame;
    const { via } = runtime;
    try {
      return print(frame);
    } catch (error) {
      if (out !== runtime.out || !(error instanceof PyError)) throw error;
      if (ENDING.has(error.type) || !runtime.failures.mayGoOn()) throw error;
      runtime.resume(failureDiagnostic(error, runtime), via);
      frame.out = out;
      return NORMAL;
    }
  };
}

/** A rendering that has grown without bounds would only go on growing. */
const ENDING: ReadonlySet<PyErrorType> = new Set(['RuntimeError', 'OverflowError']);

function compilePrint(expression: Expression, scope: Scope, compiler: Compiler): Execute {
  const { site } = expression;
  if (expression.type === 'call') {
    const { print } = compileCall(expression, (inner) => compileExpression(inner, scope, compiler));
    return (frame) => {
      const value = print(frame);
      if (value !== undefined) {
        frame.runtime.at = site;
        frame.out.write(pythonStr(value), site, frame.runtime.via, false);
      }
      return NORMAL;
    };
  }
  if (expression.type === 'if') {
    // What is chosen prints itself, so that `{{ caller() if caller is defined }}` keeps the places of its text.
    const { then, otherwise } = expression;
    return compiler.conditionally(() => {
      const test = compileCondition(expression.test, scope, compiler);
      const print = compilePrint(then, scope, compiler);
      const printOther: Execute =
        otherwise === null ? () => NORMAL : compilePrint(otherwise, scope, compiler);
      return (frame) => (test(frame) ? print : printOther)(frame);
    });
  }
  const value = compileExpression(expression, scope, compiler);
  return (frame) => {
    const result = value(frame);
    frame.runtime.at = site;
    frame.out.write(pythonStr(result), site, frame.runtime.via, false);
    return NORMAL;
  };
}
