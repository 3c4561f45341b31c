import type { Statement } from './ast.ts';
import { compileCapture, compileFilterBlock } from './compile-capture.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import {
  compileExtends,
  compileFrom,
  compileImport,
  compileImportData,
  compileInclude,
} from './compile-import.ts';
import { compileLoop } from './compile-loop.ts';
import { compileCallBlock, compileMacro } from './compile-macro.ts';
import { compileTarget } from './compile-name.ts';
import { compileOutput, compileText, guarded } from './compile-output.ts';
import { compileLocals, compileReset } from './compile-scope.ts';
import type { CompileBody } from './compile-scope.ts';
import type { Compiler } from './compiler.ts';
import { BREAK, CONTINUE, Context, NORMAL } from './frame.ts';
import type { Execute } from './frame.ts';
import { spend } from './python/meter.ts';
import { runBlock } from './run-template.ts';
import { FunctionScope, Scope } from './scope.ts';

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
  const compileBlockBody: CompileBody = (body, inner) => compileInner(body, inner, compiler);
  switch (statement.type) {
    case 'text':
      return compileText(statement, compiler);
    case 'output':
      return compileOutput(statement.value, scope, compiler);
    case 'for':
      return compileLoop(statement, scope, compiler, compileBlockBody);
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
      return compileCapture(statement, scope, compiler, compileBlockBody);
    case 'macro':
      return compileMacro(statement, scope, compiler, compileBlockBody);
    case 'call':
      return compileCallBlock(statement, scope, compiler, compileBlockBody);
    case 'filter':
      return compileFilterBlock(statement, scope, compiler, compileBlockBody);
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
