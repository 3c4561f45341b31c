import type {
  Compilation,
  Engine,
  EngineOptions,
  HostFunction,
  HostValue,
  Rendering,
  TemplateSource,
} from './api.ts';
import { compileRoot } from './compile-statement.ts';
import { Compiler } from './compiler.ts';
import { CompileFailure, renderingDiagnostic, syntaxDiagnostic } from './diagnose.ts';
import { Context, Runtime } from './frame.ts';
import type { Code, Services } from './frame.ts';
import { builtinFilters } from './filters/index.ts';
import { callHost, fromHost, fromHostMap } from './host-call.ts';
import { cutTemplate } from './lexer.ts';
import { builtinGlobals } from './objects.ts';
import { MappedOutput } from './output.ts';
import { TemplateParser } from './parse-template.ts';
import { PyError } from './python/error.ts';
import { withSteps } from './python/meter.ts';
import { Native, parameters } from './python/native.ts';
import type { Val } from './python/value.ts';
import { runTemplate } from './run-template.ts';
import { Site, SourceText } from './site.ts';
import { builtinTests } from './tests.ts';
import type { Piece, SyntaxFailure } from './token.ts';

const STEP_LIMIT = 2_000_000;

/** So many compiled texts of one file are kept. */
const MOST_TEXTS = 200;

/** A Jinja engine with Salt's settings unless the options say otherwise. */
export function createEngine(options: EngineOptions): Engine {
  const workshop = new Workshop(options);
  return {
    compile(source: TemplateSource): Compilation {
      try {
        const code = workshop.code(source);
        return { template: { source, render: (variables) => workshop.render(code, variables) } };
      } catch (error) {
        if (error instanceof CompileFailure) return { diagnostics: error.diagnostics };
        throw error;
      }
    },
  };
}

/** Everything compiled so far, and what renderings share. */
class Workshop {
  private readonly options: EngineOptions;
  private readonly services: Services;
  /** By file, then by text: a file is one text, but texts that stand in a file may be many. */
  private readonly compiled = new Map<string, Map<string, Code | CompileFailure>>();

  constructor(options: EngineOptions) {
    this.options = options;
    const globals = new Map<string, Val>(builtinGlobals);
    for (const [name, value] of options.globals ?? []) globals.set(name, fromHost(value));
    this.services = {
      globals,
      filters: withHost(builtinFilters, options.filters),
      tests: withHost(builtinTests, options.tests),
      importsSeeVariables: options.importsSeeVariables ?? true,
      onFailure: options.onFailure ?? (() => undefined),
      load: (name, asked, from) => this.load(name, asked, from),
      importVariables: (name) => fromHostMap(options.importVariables?.(name) ?? new Map()),
      parseYaml: (text, file, at) => {
        if (options.loadYaml === undefined)
          throw new PyError('TemplateRuntimeError', 'this engine reads no YAML');
        return fromHost(options.loadYaml(text, file, at));
      },
    };
  }

  /** The compiled template. @throws CompileFailure */
  code(source: TemplateSource): Code {
    const ofFile = this.compiled.get(source.file) ?? new Map<string, Code | CompileFailure>();
    let code = ofFile.get(source.text);
    if (code === undefined) {
      code = this.compile(source);
      // Texts that differ from host to host would pile up.
      if (ofFile.size >= MOST_TEXTS) ofFile.clear();
      ofFile.set(source.text, code);
      this.compiled.set(source.file, ofFile);
    }
    if (code instanceof CompileFailure) throw code;
    return code;
  }

  private compile(source: TemplateSource): Code | CompileFailure {
    const text = new SourceText(source);
    const { filters, tests } = this.services;
    const compiler = new Compiler({ filters, tests, extends: mentionsExtends(text.text) });
    const failed = (failures: readonly unknown[]): CompileFailure =>
      new CompileFailure(failures.map((failure) => syntaxDiagnostic(failure, text)));
    let parser: TemplateParser | undefined;
    try {
      const { pieces, failure } = cutTemplate(text.text, {
        trimBlocks: this.options.trimBlocks ?? false,
        lstripBlocks: this.options.lstripBlocks ?? false,
      });
      if (failure !== undefined) return failed([...pieces.flatMap(flawOf), failure]);
      parser = new TemplateParser(text, pieces);
      const { fn, body } = compileRoot(parser.parse(), compiler);
      const failures = [...parser.failures, ...compiler.failures];
      if (failures.length > 0) return failed(failures);
      const whole = new Site(text, 0, 0);
      return { file: source.file, whole, body, blocks: compiler.blocks, slots: () => fn.slots };
    } catch (error) {
      return failed([...(parser?.failures ?? []), ...compiler.failures, error]);
    }
  }

  private load(name: string, asked: Site, from: readonly string[]): Code {
    const { loader } = this.options;
    for (const file of from) {
      const source = loader.load(name, file);
      if (source !== undefined) return this.code(source);
    }
    const near = loader.near?.(name) ?? [];
    throw new PyError('TemplateNotFound', `the template "${name}" does not exist`, {
      site: asked,
      fix: near.length === 0 ? undefined : `did you mean ${near.map((one) => `"${one}"`).join(' or ')}?`,
    });
  }

  render(code: Code, variables: ReadonlyMap<string, HostValue>): Rendering {
    const runtime = new Runtime(this.services, code.whole);
    const out = new MappedOutput();
    runtime.out = out;
    const context = new Context(this.services.globals, fromHostMap(variables));
    const steps = this.options.stepLimit ?? STEP_LIMIT;
    try {
      withSteps(steps, () => runTemplate(code, context, runtime, out));
    } catch (error) {
      return {
        diagnostics: [...runtime.failures.all, ...renderingDiagnostic(error, runtime, steps)],
      };
    }
    if (runtime.failures.all.length > 0) return { diagnostics: runtime.failures.all };
    return { rendered: out.finish(code.whole) };
  }
}

function flawOf(piece: Piece): readonly SyntaxFailure[] {
  return piece.type === 'text' || piece.flaw === undefined ? [] : [piece.flaw];
}

function mentionsExtends(text: string): boolean {
  return /\{%[-+]?\s*extends\b/.test(text);
}

/** The engine's own functions and the host's, the host's first. */
function withHost(
  own: ReadonlyMap<string, Native>,
  host: ReadonlyMap<string, HostFunction> | undefined,
): ReadonlyMap<string, Native> {
  const all = new Map(own);
  for (const [name, callee] of host ?? [])
    all.set(
      name,
      new Native(name, parameters('*args **kwargs'), ([args, kwargs], { site, via }) =>
        callHost(callee, { args: args as Val[], kwargs: kwargs as Map<string, Val>, site, via }),
      ),
    );
  return all;
}
