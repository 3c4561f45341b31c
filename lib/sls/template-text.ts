import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Engine, HostValue, Rendered, TemplateSource } from '../jinja/api.ts';

/** A template without its last newline: Jinja drops it from every template, imported ones too. */
export function withoutFinalNewline(text: string): string {
  return text.endsWith('\r\n') ? text.slice(0, -2) : text.endsWith('\n') ? text.slice(0, -1) : text;
}

/**
 * Renders a whole template as Salt does: Jinja drops the last newline and Salt puts it back, so that `-%}` on the last
 * line does not eat it.
 * @returns the text with the place of each of its characters, or what is wrong.
 */
export function renderWhole(
  engine: Engine,
  source: TemplateSource,
  variables: () => ReadonlyMap<string, HostValue>,
): Rendered | { readonly diagnostics: readonly Diagnostic[] } {
  const text = withoutFinalNewline(source.text);
  const { template, diagnostics } = engine.compile({ file: source.file, text });
  if (template === undefined) return { diagnostics };
  const result = template.render(variables());
  if (result.rendered === undefined) return { diagnostics: result.diagnostics };
  const { rendered } = result;
  if (text === source.text) return rendered;
  const end = rendered.text.length;
  const { places } = rendered;
  return { text: `${rendered.text}\n`, places, at: (offset) => rendered.at(Math.min(offset, end)) };
}
