import type { Rendered } from './api.ts';
import type { Statement } from './ast.ts';
import { compileExpression } from './compile-expression.ts';
import { compileTarget } from './compile-name.ts';
import { guarded } from './compile-output.ts';
import type { CompileBody } from './compile-scope.ts';
import type { Compiler } from './compiler.ts';
import { NORMAL } from './frame.ts';
import type { Evaluate, Execute, Frame } from './frame.ts';
import { loadData } from './load-data.ts';
import { MappedOutput, Output } from './output.ts';
import { PyError } from './python/error.ts';
import { typeName } from './python/value.ts';
import { Scope } from './scope.ts';
import type { Site } from './site.ts';

/** Compiles a block set, or a block that is read as data: the text of the body goes to a variable. */
export function compileCapture(
  statement: Extract<Statement, { type: 'capture' }>,
  scope: Scope,
  compiler: Compiler,
  compileBody: CompileBody,
): Execute {
  const { filter, load, site } = statement;
  const inner = new Scope(scope.fn, scope);
  const body = compiler.capturing(() => compileBody(statement.body, inner));
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

/** Compiles a filter block: the text of the body goes through filters. */
export function compileFilterBlock(
  statement: Extract<Statement, { type: 'filter' }>,
  scope: Scope,
  compiler: Compiler,
  compileBody: CompileBody,
): Execute {
  const inner = new Scope(scope.fn, scope);
  const input = captured(compiler.capturing(() => compileBody(statement.body, inner)));
  const value = compiler.withFiltered(input, () => compileExpression(statement.filter, inner, compiler));
  const { site } = statement;
  return guarded((frame) => {
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
  }, compiler);
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
