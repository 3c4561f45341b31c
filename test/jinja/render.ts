import type { EngineOptions, HostValue, Rendered } from '../../lib/jinja/api.ts';
import { createEngine } from '../../lib/jinja/engine.ts';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';

/** What a test renders with. */
export interface Setting {
  readonly vars?: Readonly<Record<string, HostValue>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: Partial<EngineOptions>;
}

/** The rendered text with its places. @throws Error when there are diagnostics. */
export function rendered(text: string, setting: Setting = {}): Rendered {
  const { rendered: found, diagnostics } = attempt(text, setting);
  if (found === undefined) throw new Error(JSON.stringify(diagnostics, null, 1));
  return found;
}

/** The rendered text. */
export function render(text: string, setting: Setting = {}): string {
  return rendered(text, setting).text;
}

/** The one diagnostic that a template gives. */
export function failure(text: string, setting: Setting = {}): Diagnostic {
  const [first] = attempt(text, setting).diagnostics;
  if (first === undefined) throw new Error('the template rendered');
  return first;
}

function attempt(
  text: string,
  { vars = {}, files = {}, options = {} }: Setting,
): { rendered?: Rendered; diagnostics: readonly Diagnostic[] } {
  const engine = createEngine({
    loader: {
      load: (name) => (files[name] === undefined ? undefined : { file: name, text: files[name] }),
      near: () => Object.keys(files),
    },
    ...options,
  });
  const compiled = engine.compile({ file: 'a.sls', text });
  if (compiled.template === undefined) return { diagnostics: compiled.diagnostics };
  const rendering = compiled.template.render(new Map(Object.entries(vars)));
  return rendering.rendered === undefined
    ? { diagnostics: rendering.diagnostics }
    : { rendered: rendering.rendered, diagnostics: [] };
}
