import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Engine, HostValue, Rendered } from '../jinja/api.ts';
import type { Node } from '../model/node.ts';
import { parseYaml } from '../yaml/parse.ts';
import { readJson } from './json-document.ts';
import { scalar } from './node-shape.ts';
import { Recent } from './recent.ts';
import { renderWhole } from './template-text.ts';
import type { RootText } from './roots.ts';
import { readShebang } from './shebang.ts';

/** A file rendered and read. Equal texts of one file are one document, whichever host they were rendered for. */
export interface SlsDocument {
  /** Counts from 1; equal ids are the same document. */
  readonly id: number;
  /** Undefined with an error, and for a file that renders to nothing. */
  readonly node: Node | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Says more of a rendering's mistake than the engine can know. */
export type Explain = (diagnostic: Diagnostic) => Diagnostic;

/** Renders files and reads what comes of them. */
export interface Renderer {
  render(source: RootText, variables: () => Map<string, HostValue>): SlsDocument;
}

/** So many documents of one file are kept. */
const MOST_DOCUMENTS = 64;

/** A renderer whose documents are kept: one YAML parse for each distinct text of a file. */
export function createRenderer(engine: Engine, explain: Explain): Renderer {
  const documents = new Map<string, Recent<string, SlsDocument>>();
  let count = 0;
  const remember = (file: string, key: string, make: () => Omit<SlsDocument, 'id'>): SlsDocument => {
    const ofFile = documents.get(file) ?? new Recent<string, SlsDocument>(MOST_DOCUMENTS);
    documents.set(file, ofFile);
    return ofFile.get(key, () => ({ id: ++count, ...make() }));
  };

  return {
    render({ file, text, flaw }, variables) {
      const pipeline = flaw ?? readShebang(text, file);
      const refuse = (diagnostics: readonly Diagnostic[]): SlsDocument => ({
        id: ++count,
        node: undefined,
        diagnostics,
      });
      if ('code' in pipeline) return refuse([pipeline]);
      if (!pipeline.jinja) return remember(file, text, () => read(text, file, pipeline.format, undefined));

      const rendered = renderWhole(engine, { file, text }, variables);
      if ('diagnostics' in rendered) return refuse(rendered.diagnostics.map(explain));
      return remember(file, rendered.text, () => read(rendered.text, file, pipeline.format, rendered));
    },
  };
}

function read(
  text: string,
  file: string,
  format: 'yaml' | 'json' | 'text',
  rendered: Rendered | undefined,
): Omit<SlsDocument, 'id'> {
  const at = rendered === undefined ? undefined : (offset: number) => rendered.at(offset);
  if (format === 'text')
    return { node: scalar(text, at?.(0) ?? { file, line: 1, column: 1 }), diagnostics: [] };
  if (format === 'json') return readJson(text, at === undefined ? { file } : { file, at });
  const { value, diagnostics } = parseYaml(text, at === undefined ? { file } : { file, at });
  if (diagnostics.length === 0 || at === undefined) return { node: value, diagnostics };
  return { node: value, diagnostics: withRenderedLines(text, file, diagnostics) };
}

/** Adds the rendered line to mistakes whose place in the template is on another line: there the text looks different. */
function withRenderedLines(
  text: string,
  file: string,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const lines = text.split('\n');
  const inText = parseYaml(text, { file }).diagnostics;
  return diagnostics.map((diagnostic, index) => {
    const line = inText[index]?.source?.line;
    if (line === undefined || line === diagnostic.source?.line) return diagnostic;
    const where = `line ${line} of the rendered text reads: ${(lines[line - 1] ?? '').trim()}`;
    return { ...diagnostic, why: diagnostic.why === undefined ? where : `${diagnostic.why}; ${where}` };
  });
}
