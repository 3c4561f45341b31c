import { TemplateFailure } from '../jinja/api.ts';
import type { Value } from '../model/value.ts';
import { plainValue } from './shared-value.ts';
import { parseYaml } from '../yaml/parse.ts';

/**
 * Reads YAML for `load_yaml`, `import_yaml` and `slsutil.deserialize`.
 * @throws TemplateFailure whose place is left to the template that asked; the line within the text goes into the reason.
 */
export function readYamlText(text: string, file: string): Value {
  const { value, diagnostics } = parseYaml(text, { file });
  const [first] = diagnostics;
  if (value !== undefined) return plainValue(value);
  if (first === undefined) return null;
  const { source, ...rest } = first;
  const line = source === undefined ? undefined : `line ${source.line} of the text read as YAML`;
  const why = [first.why, line].filter((part) => part !== undefined).join('; ');
  throw new TemplateFailure({ ...rest, why });
}
