import { TemplateFailure } from '../jinja/api.ts';
import type { Value } from '../model/value.ts';
import { plainValue } from './shared-value.ts';
import { parseYaml, type YamlSource } from '../yaml/parse.ts';

type At = NonNullable<YamlSource['at']>;

/**
 * Reads YAML for `load_yaml`, `import_yaml` and `slsutil.deserialize`.
 * @throws TemplateFailure at the place that wrote the text; where that is not known its place is left to the template that
 * asked, and the line within the text goes into the reason.
 */
export function readYamlText(text: string, file: string, at?: At): Value {
  const { value, diagnostics } = parseYaml(text, at === undefined ? { file } : { file, at });
  const [first] = diagnostics;
  if (value !== undefined) return plainValue(value);
  if (first === undefined) return null;
  if (at !== undefined) throw new TemplateFailure(first);
  const { source, severity, code, summary, fix } = first;
  const line = source === undefined ? undefined : `line ${source.line} of the text read as YAML`;
  const why = [first.why, line].filter((part) => part !== undefined).join('; ');
  throw new TemplateFailure({ severity, code, summary, why, ...(fix === undefined ? {} : { fix }) });
}
