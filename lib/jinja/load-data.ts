import type { Rendered } from './api.ts';
import type { DataFormat } from './ast.ts';
import { parseJson } from './json-parse.ts';
import type { Val } from './python/value.ts';
import type { Runtime } from './frame.ts';

/** Reads the text of a load or import tag. @throws PyError when it is malformed. */
export function loadData(format: DataFormat, written: Rendered, runtime: Runtime, file: string): Val {
  const { text } = written;
  if (format === 'text') return text;
  return format === 'json'
    ? parseJson(text)
    : runtime.services.parseYaml(text, file, (offset) => written.at(offset));
}
