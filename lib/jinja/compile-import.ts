import type { Statement } from './ast.ts';
import { compileExpression } from './compile-expression.ts';
import { compileStore } from './compile-name.ts';
import { compileLocals } from './compile-scope.ts';
import type { Compiler } from './compiler.ts';
import { didYouMean } from '../diagnostics/near.ts';
import { NORMAL } from './frame.ts';
import type { Code, Execute, Frame } from './frame.ts';
import { loadData } from './load-data.ts';
import { importTemplate, includeTemplate } from './run-template.ts';
import { PyError, typeError } from './python/error.ts';
import { Undefined } from './python/undefined.ts';
import { orElse, typeName } from './python/value.ts';
import type { Val } from './python/value.ts';
import type { Scope } from './scope.ts';
import type { Site } from './site.ts';

type Named<T extends Statement['type']> = Extract<Statement, { type: T }>;

/** Compiles an include. */
export function compileInclude(statement: Named<'include'>, scope: Scope, compiler: Compiler): Execute {
  const name = compileExpression(statement.template, scope, compiler);
  const locals = statement.withContext ? compileLocals(scope) : () => null;
  return (frame) => {
    const wanted = name(frame);
    frame.runtime.at = statement.site;
    const code = loadFirst(frame, wanted, statement);
    if (code !== undefined) includeTemplate(code, frame, locals(frame));
    return NORMAL;
  };
}

function loadFirst(frame: Frame, wanted: Val, how: Named<'include'>): Code | undefined {
  const names = Array.isArray(wanted) ? wanted : [wanted];
  for (const [i, name] of names.entries()) {
    try {
      return load(frame, name, how.template.site);
    } catch (error) {
      if (!(error instanceof PyError) || error.type !== 'TemplateNotFound') throw error;
      if (!how.ignoreMissing && i === names.length - 1) throw error;
    }
  }
  if (how.ignoreMissing) return undefined;
  throw new PyError('TemplateNotFound', 'Tried to select from an empty list of templates.');
}

function load(frame: Frame, name: Val, site: Site): Code {
  if (name instanceof Undefined) name.fail();
  if (typeof name !== 'string') typeError(`a template is named by a text, not by ${typeName(name)}`);
  frame.runtime.at = site;
  return frame.runtime.load(name, site);
}

/** Compiles an import of a whole template. */
export function compileImport(statement: Named<'import'>, scope: Scope, compiler: Compiler): Execute {
  const { site } = statement;
  const name = compileExpression(statement.template, scope, compiler);
  const locals = statement.withContext ? compileLocals(scope) : () => null;
  const assign = compileStore(statement.target, scope, 'import');
  return (frame) => {
    const code = load(frame, name(frame), statement.template.site);
    frame.runtime.at = site;
    assign(frame, importTemplate(code, frame, locals(frame)));
    return NORMAL;
  };
}

/** Compiles an import of some names of a template. */
export function compileFrom(statement: Named<'from'>, scope: Scope, compiler: Compiler): Execute {
  const { site } = statement;
  const template = compileExpression(statement.template, scope, compiler);
  const locals = statement.withContext ? compileLocals(scope) : () => null;
  const names = statement.names.map((entry) => ({
    ...entry,
    assign: compileStore(entry.as, scope, 'import'),
  }));
  return (frame) => {
    const code = load(frame, template(frame), statement.template.site);
    frame.runtime.at = site;
    const module = importTemplate(code, frame, locals(frame));
    for (const entry of names) {
      const value = orElse(
        module.attribute(entry.name),
        () =>
          new Undefined(`the template "${code.file}" does not export the name '${entry.name}'`, {
            site: entry.site,
            near: () => didYouMean(entry.name, module.context.exported),
          }),
      );
      entry.assign(frame, value);
    }
    return NORMAL;
  };
}

/** Compiles Salt's import_yaml, import_json and import_text: the file is rendered as a template, then read. */
export function compileImportData(statement: Named<'importData'>, scope: Scope, compiler: Compiler): Execute {
  const { site, format } = statement;
  const template = compileExpression(statement.template, scope, compiler);
  const locals = statement.withContext ? compileLocals(scope) : () => null;
  const assign = compileStore(statement.target, scope, 'here');
  return (frame) => {
    const code = load(frame, template(frame), statement.template.site);
    frame.runtime.at = site;
    const { written } = importTemplate(code, frame, locals(frame));
    frame.runtime.at = site;
    assign(frame, loadData(format, written, frame.runtime, code.file));
    return NORMAL;
  };
}

/** Compiles an extends. */
export function compileExtends(statement: Named<'extends'>, scope: Scope, compiler: Compiler): Execute {
  const template = compileExpression(statement.template, scope, compiler);
  return (frame) => {
    const wanted = template(frame);
    frame.runtime.at = statement.site;
    if (frame.parent !== null) throw new PyError('TemplateRuntimeError', 'extended multiple times');
    frame.parent = load(frame, wanted, statement.template.site);
    return NORMAL;
  };
}
