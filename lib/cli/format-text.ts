import { decode } from '../sls/roots.ts';
import { readShebang } from '../sls/shebang.ts';
import { formatYaml, type Formatted } from '../yaml/format.ts';

/** Lays out one file of a project. What a template makes of a text is not known here, so one with Jinja stays as it is. */
export function formatText(
  file: string,
  bytes: Uint8Array,
): { readonly text: string; readonly result: Formatted } {
  const { text, flaw } = decode({ file, bytes });
  if (flaw !== undefined) return { text, result: { diagnostics: [flaw] } };
  if (file.endsWith('.sls')) {
    const pipeline = readShebang(text, file);
    if ('code' in pipeline) return { text, result: { leftAlone: pipeline.summary } };
    if (pipeline.format !== 'yaml')
      return { text, result: { leftAlone: `it is ${pipeline.format}, not plain YAML` } };
    if (pipeline.text.includes('gpg')) return { text, result: { leftAlone: 'it is encrypted' } };
  }
  if (/\{[{%#]/.test(text)) return { text, result: { leftAlone: 'it has Jinja in it' } };
  return { text, result: formatYaml(text, file) };
}
