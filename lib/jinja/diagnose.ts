import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { plainPlace } from '../diagnostics/place.ts';
import type { SourceRange } from '../model/source.ts';
import { TemplateFailure } from './api.ts';
import type { Runtime } from './frame.ts';
import { PyError } from './python/error.ts';
import { StepLimitError } from './python/meter.ts';
import { Site } from './site.ts';
import type { SourceText } from './site.ts';
import { SyntaxFailure } from './token.ts';

/** A template that cannot be compiled, and why. */
export class CompileFailure extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics[0]?.summary);
    this.diagnostics = diagnostics;
  }
}

/** What to say of an error while a template was compiled; anything but a mistake in the template goes on. */
export function syntaxDiagnostic(error: unknown, text: SourceText): Diagnostic {
  if (isTooDeep(error)) return tooDeep(new Site(text, 0, 0).range());
  if (!(error instanceof SyntaxFailure)) throw error;
  return {
    severity: 'error',
    code: error.unknownFunction ? 'SLAB2005' : 'SLAB2002',
    summary: error.message,
    source: new Site(text, error.start, error.end).range(),
    ...(error.why !== undefined && { why: error.why }),
    ...(error.fix !== undefined && { fix: error.fix }),
  };
}

/** What to say of an error while a template was rendered; bugs of the engine go on. */
export function renderingDiagnostic(error: unknown, runtime: Runtime, steps: number): readonly Diagnostic[] {
  const { at, via } = runtime;
  const source = at.range(via);
  if (error instanceof TemplateFailure) {
    const own = error.diagnostic.source;
    if (own === undefined || own.via !== undefined || own.file === source.file)
      return [{ source, ...error.diagnostic }];
    return [{ ...error.diagnostic, source: { ...plainPlace(own), ...caller(runtime) } }];
  }
  if (error instanceof CompileFailure)
    return error.diagnostics.map((one) =>
      one.source === undefined ? one : { ...one, source: { ...one.source, ...caller(runtime) } },
    );
  if (error instanceof StepLimitError)
    return [
      {
        severity: 'error',
        code: 'SLAB2006',
        summary: `the template took more than ${steps} steps`,
        source,
        fix: 'look for a loop that never ends, or loops inside loops',
      },
    ];
  if (isTooDeep(error)) return [tooDeep(source)];
  if (!(error instanceof PyError)) throw error;
  return [failureDiagnostic(error, runtime)];
}

/** What the JavaScript engine says of what it cannot hold. */
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && /call stack|string length/i.test(error.message);
}

function tooDeep(source: SourceRange): Diagnostic {
  return {
    severity: 'error',
    code: 'SLAB2004',
    summary: 'the template nests too deeply or grows too large',
    source,
  };
}

/** What to say of what Python would have raised. */
export function failureDiagnostic(error: PyError, { at, via }: Runtime): Diagnostic {
  return {
    severity: 'error',
    code: error.type === 'UndefinedError' ? 'SLAB2003' : 'SLAB2004',
    summary: shown(error),
    source: (error.site ?? at).range(via),
    ...(error.fix !== undefined && { fix: error.fix }),
  };
}

function caller({ at, via }: Runtime): { readonly via: readonly ReturnType<Site['range']>[] } {
  const chain = [at.range()];
  for (let link = via; link !== null; link = link.outer) chain.push(link.site.range());
  return { via: chain };
}

function shown(error: PyError): string {
  const plain = ['UndefinedError', 'TemplateNotFound', 'TemplateRuntimeError', 'FilterArgumentError'];
  return plain.includes(error.type) ? error.message : `${error.type}: ${error.message}`;
}
