import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Document } from './document.ts';
import type { Flaw } from './flaw.ts';
import { complain } from './problem.ts';

/** A `{{ … }}` or `{% … %}` that nothing rendered breaks YAML in many ways, and all have one cause. */
export function leftoverTemplate(document: Document, flaw: Flaw): Diagnostic | undefined {
  const { text } = document;
  for (const from of [flaw.other, flaw.start, flaw.start - 1]) {
    if (from === undefined || text.charAt(from) !== '{') continue;
    const start = text.charAt(from - 1) === '{' ? from - 1 : from;
    const opening = text.slice(start, start + 2);
    if (opening !== '{{' && opening !== '{%') continue;
    const close = text.indexOf(opening === '{{' ? '}}' : '%}', start);
    const lineEnd = start + document.lineText(start).length - (start - document.lineStart(start));
    return complain(document.range(start, close < 0 || close > lineEnd ? lineEnd : close + 2), {
      summary: `a template ${opening === '{{' ? 'expression' : 'tag'} is left in the text`,
      why: `this text is read as YAML, where ${opening} cannot stand without quotes`,
      fix: 'see that the file is rendered by jinja first (first line "#!jinja|yaml"), or put quotes around the value',
    });
  }
  return undefined;
}
