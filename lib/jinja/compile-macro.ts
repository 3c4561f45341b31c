import { eachName } from './analyze-names.ts';
import type { Expression, MacroBody, Statement } from './ast.ts';
import { compileCall } from './compile-call.ts';
import { compileExpression } from './compile-expression.ts';
import { compileStore } from './compile-name.ts';
import { guarded } from './compile-output.ts';
import type { CompileBody } from './compile-scope.ts';
import type { Compiler } from './compiler.ts';
import { NORMAL } from './frame.ts';
import type { Evaluate, Execute } from './frame.ts';
import { Macro } from './macro.ts';
import type { MacroCode } from './macro.ts';
import { pythonStr } from './python/repr.ts';
import { FunctionScope, Scope } from './scope.ts';
import { SyntaxFailure } from './token.ts';

/** Compiles the definition of a macro. @throws SyntaxFailure */
export function compileMacro(
  statement: Extract<Statement, { type: 'macro' }>,
  scope: Scope,
  compiler: Compiler,
  compileBody: CompileBody,
): Execute {
  const code = compileCode(statement.macro, scope, compiler, compileBody);
  const assign = compileStore(statement.name, scope, 'here');
  return (frame) => {
    assign(frame, new Macro(code, frame));
    return NORMAL;
  };
}

/** Compiles a call block: a call that is handed the body as `caller`. @throws SyntaxFailure */
export function compileCallBlock(
  statement: Extract<Statement, { type: 'call' }>,
  scope: Scope,
  compiler: Compiler,
  compileBody: CompileBody,
): Execute {
  const { call, site } = statement;
  if (call.type !== 'call') throw new SyntaxFailure('expected a call', call.site);
  const code = compileCode(statement.macro, scope, compiler, compileBody);
  const { print } = compileCall(
    call,
    (inner) => compileExpression(inner, scope, compiler),
    (frame) => ['caller', new Macro(code, frame)],
  );
  return guarded((frame) => {
    const value = print(frame);
    if (value === undefined) return NORMAL;
    frame.runtime.at = site;
    frame.out.write(pythonStr(value), site, frame.runtime.via, false);
    return NORMAL;
  }, compiler);
}

function compileCode(
  { name, parameters, body }: MacroBody,
  scope: Scope,
  compiler: Compiler,
  compileBody: CompileBody,
): MacroCode {
  const fn = new FunctionScope();
  const inner = new Scope(fn, scope, { isMacro: true });
  const slots = parameters.map((parameter) => inner.declare(parameter.name));
  for (const { otherwise } of parameters)
    if (otherwise !== null) eachName(otherwise, (read) => inner.use.touched.add(read));
  const compileDefault = (otherwise: Expression): Evaluate =>
    compiler.unconditionally(() => compileExpression(otherwise, inner, compiler));
  return compiler.capturing(() => {
    const compiled = parameters.map((parameter, i) => ({
      name: parameter.name,
      slot: slots[i] ?? 0,
      site: parameter.site,
      otherwise: parameter.otherwise === null ? null : compileDefault(parameter.otherwise),
    }));
    const run = compileBody(body, inner);
    const caller = parameters.find((parameter) => parameter.name === 'caller');
    if (caller?.otherwise === null && inner.used.has('caller'))
      throw new SyntaxFailure('the parameter "caller" must be left out or have a default', caller.site);
    const special = (word: string): number | undefined =>
      parameters.some((parameter) => parameter.name === word) ? undefined : inner.own(word);
    return {
      name,
      parameters: compiled,
      body: run,
      slots: () => fn.slots,
      caller: () => inner.own('caller'),
      varargs: () => special('varargs'),
      kwargs: () => special('kwargs'),
    };
  });
}
