import { eachName } from './analyze-names.ts';
import type { Rendered } from './api.ts';
import type { Expression, MacroBody, Statement } from './ast.ts';
import { compileCall } from './compile-call.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import {
  compileExtends,
  compileFrom,
  compileImport,
  compileImportData,
  compileInclude,
} from './compile-import.ts';
import { compileLoop } from './compile-loop.ts';
import { compileStore, compileTarget } from './compile-name.ts';
import { compileOutput, compileText, guarded } from './compile-output.ts';
import { compileLocals, compileReset } from './compile-scope.ts';
import type { Compiler } from './compiler.ts';
import { BREAK, CONTINUE, Context, NORMAL } from './frame.ts';
import type { Evaluate, Execute, Frame } from './frame.ts';
import { loadData } from './load-data.ts';
import { Macro } from './macro.ts';
import type { MacroCode } from './macro.ts';
import { MappedOutput, Output } from './output.ts';
import { spend } from './python/meter.ts';
import { PyError } from './python/error.ts';
import { pythonStr } from './python/repr.ts';
import { typeName } from './python/value.ts';
import { runBlock } from './run-template.ts';
import { FunctionScope, Scope } from './scope.ts';
import type { Site } from './site.ts';
import { SyntaxFailure } from './token.ts';

/** Compiles the statements of a scope whose names were declared. @throws SyntaxFailure */
function compileBody(statements: readonly Statement[], scope: Scope, compiler: Compiler): Execute {
  const steps = statements.map((statement) => compileStatement(statement, scope, compiler));
  const [first, second] = steps;
  if (first === undefined) return () => NORMAL;
  if (second === undefined) return first;
  return (frame) => {
    for (const step of steps) {
      const signal = step(frame);
      if (signal !== NORMAL) return signal;
    }
    return NORMAL;
  };
}

/** Compiles the body of a scope of its own inside a function. */
function compileInner(statements: readonly Statement[], inner: Scope, compiler: Compiler): Execute {
  const reset = compileReset(statements, inner);
  const body = compiler.unconditionally(() => compileBody(statements, inner, compiler));
  if (reset === null) return body;
  return (frame) => {
    reset(frame);
    return body(frame);
  };
}

function compileStatement(statement: Statement, scope: Scope, compiler: Compiler): Execute {
  switch (statement.type) {
    case 'text':
      return compileText(statement, compiler);
    case 'output':
      return compileOutput(statement.value, scope, compiler);
    case 'for':
      return compileLoop(statement, scope, compiler, (body, inner) => compileInner(body, inner, compiler));
    case 'if':
      return compileIf(statement, scope, compiler);
    case 'set': {
      const value = compileExpression(statement.value, scope, compiler);
      const assign = compileTarget(statement.target, scope);
      return (frame) => {
        assign(frame, value(frame));
        return NORMAL;
      };
    }
    case 'capture':
      return compileCapture(statement, scope, compiler);
    case 'macro': {
      const code = compileMacro(statement.macro, scope, compiler);
      const assign = compileStore(statement.name, scope, 'here');
      return (frame) => {
        assign(frame, new Macro(code, frame));
        return NORMAL;
      };
    }
    case 'call':
      return guarded(compileCallBlock(statement, scope, compiler), compiler);
    case 'filter':
      return guarded(compileFilterBlock(statement, scope, compiler), compiler);
    case 'with':
      return compileWith(statement, scope, compiler);
    case 'scope':
      return compileInner(statement.body, new Scope(scope.fn, scope), compiler);
    case 'include':
      return guarded(compileInclude(statement, scope, compiler), compiler);
    case 'import':
      return compileImport(statement, scope, compiler);
    case 'from':
      return compileFrom(statement, scope, compiler);
    case 'importData':
      return compileImportData(statement, scope, compiler);
    case 'extends':
      return compileExtends(statement, scope, compiler);
    case 'block':
      return guarded(compileBlock(statement, scope, compiler), compiler);
    case 'do': {
      const value = compileExpression(statement.value, scope, compiler);
      return (frame) => {
        spend(1);
        value(frame);
        return NORMAL;
      };
    }
    case 'break':
      return () => BREAK;
    case 'continue':
      return () => CONTINUE;
  }
}

function compileIf(statement: Extract<Statement, { type: 'if' }>, scope: Scope, compiler: Compiler): Execute {
  const branches = statement.branches.map(({ test, body }) => ({
    test: compiler.conditionally(() => compileCondition(test, scope, compiler)),
    body: compiler.conditionally(() => compileBody(body, scope, compiler)),
  }));
  const otherwise = compiler.conditionally(() => compileBody(statement.otherwise, scope, compiler));
  return (frame) => {
    for (const branch of branches) if (branch.test(frame)) return branch.body(frame);
    return otherwise(frame);
  };
}

/** Runs a body and hands over the text it writes. */
function captured(body: Execute): Evaluate {
  return (frame) => {
    const { out } = frame;
    const inner = new Output();
    frame.out = inner;
    body(frame);
    frame.out = out;
    return inner.text;
  };
}

/** The same with the places that wrote the text. */
function mapped(body: Execute, whole: Site): (frame: Frame) => Rendered {
  return (frame) => {
    const { out } = frame;
    const inner = new MappedOutput();
    frame.out = inner;
    body(frame);
    frame.out = out;
    return inner.finish(whole);
  };
}

function compileCapture(
  statement: Extract<Statement, { type: 'capture' }>,
  scope: Scope,
  compiler: Compiler,
): Execute {
  const { filter, load, site } = statement;
  const inner = new Scope(scope.fn, scope);
  const body = compiler.capturing(() => compileInner(statement.body, inner, compiler));
  const assign = compileTarget(statement.target, scope);
  if (load !== null) {
    const written = mapped(body, site);
    return (frame) => {
      const text = written(frame);
      frame.runtime.at = site;
      assign(frame, loadData(load, text, frame.runtime, site.source.file));
      return NORMAL;
    };
  }
  const input = captured(body);
  const text =
    filter === null ? input : compiler.withFiltered(input, () => compileExpression(filter, inner, compiler));
  return (frame) => {
    const value = text(frame);
    frame.runtime.at = site;
    assign(frame, value);
    return NORMAL;
  };
}

function compileFilterBlock(
  statement: Extract<Statement, { type: 'filter' }>,
  scope: Scope,
  compiler: Compiler,
): Execute {
  const inner = new Scope(scope.fn, scope);
  const input = captured(compiler.capturing(() => compileInner(statement.body, inner, compiler)));
  const value = compiler.withFiltered(input, () => compileExpression(statement.filter, inner, compiler));
  const { site } = statement;
  return (frame) => {
    const result = value(frame);
    frame.runtime.at = site;
    if (typeof result !== 'string')
      throw new PyError(
        'TypeError',
        `the filters of this block give ${typeName(result)}, and Jinja wants a text`,
        {
          fix: 'end them with `string`',
        },
      );
    frame.out.write(result, site, frame.runtime.via, false);
    return NORMAL;
  };
}

function compileMacro({ name, parameters, body }: MacroBody, scope: Scope, compiler: Compiler): MacroCode {
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
    const run = compileInner(body, inner, compiler);
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

function compileCallBlock(
  statement: Extract<Statement, { type: 'call' }>,
  scope: Scope,
  compiler: Compiler,
): Execute {
  const { call, site } = statement;
  if (call.type !== 'call') throw new SyntaxFailure('expected a call', call.site);
  const code = compileMacro(statement.macro, scope, compiler);
  const { print } = compileCall(
    call,
    (inner) => compileExpression(inner, scope, compiler),
    (frame) => ['caller', new Macro(code, frame)],
  );
  return (frame) => {
    const value = print(frame);
    if (value === undefined) return NORMAL;
    frame.runtime.at = site;
    frame.out.write(pythonStr(value), site, frame.runtime.via, false);
    return NORMAL;
  };
}

function compileWith(
  statement: Extract<Statement, { type: 'with' }>,
  scope: Scope,
  compiler: Compiler,
): Execute {
  const inner = new Scope(scope.fn, scope);
  const values = statement.values.map(({ value }) => compileExpression(value, scope, compiler));
  const assigns = statement.values.map(({ target }) => compileTarget(target, inner));
  const body = compileInner(statement.body, inner, compiler);
  return (frame) => {
    const computed = values.map((value) => value(frame));
    for (const [i, assign] of assigns.entries()) assign(frame, computed[i] ?? null);
    return body(frame);
  };
}

function compileBlock(
  statement: Extract<Statement, { type: 'block' }>,
  scope: Scope,
  compiler: Compiler,
): Execute {
  const { name, scoped, required, site } = statement;
  const fn = new FunctionScope();
  // What a block sets stays in it.
  const inner = new Scope(fn, null);
  // Slot 0 by agreement with runBlock.
  inner.declare('super');
  const body = compiler.capturing(() => compileInner(statement.body, inner, compiler));
  compiler.blocks.set(name, { name, slots: () => fn.slots, body, required, site });
  const locals = scoped ? compileLocals(scope) : null;
  return (frame) => {
    const { runtime, out } = frame;
    const { globals, variables, blocks } = frame.context;
    runtime.at = site;
    const context =
      locals === null ? frame.context : new Context(globals, variables, { vars: locals(frame), blocks });
    runBlock(name, 0, { context, runtime, out });
    return NORMAL;
  };
}

/** Compiles a whole template. @throws SyntaxFailure */
export function compileRoot(
  statements: readonly Statement[],
  compiler: Compiler,
): { fn: FunctionScope; body: Execute } {
  const fn = new FunctionScope();
  const root = new Scope(fn, null, { top: true });
  return { fn, body: compileInner(statements, root, compiler) };
}
