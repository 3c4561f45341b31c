import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import type { Json } from '../model/json.ts';
import type { FileSource } from '../model/resource.ts';
import type { Chunk } from '../model/state.ts';
import { kinds, templateRequest, unknownArguments } from '../resources/index.ts';
import type { HostCompilation } from '../sls/api.ts';
import { nodeToJson } from '../yaml/node-value.ts';

/** What `file.managed` would write from the state tree, for each chunk of a low state that does. */
export function managedFiles(chunks: readonly Chunk[], compilation: HostCompilation): readonly Json[] {
  return chunks.flatMap((chunk, index): Json[] => {
    if (chunk.module !== 'file' || chunk.fun !== 'managed') return [];
    const sources = sourcesOf(chunk).filter((source) => source.startsWith('salt://'));
    const [first] = sources;
    if (first === undefined) return [];
    const { files } = compilation;
    const source = sources.find((each) => files.read(each) !== undefined);
    const about = { chunk: index, name: chunk.name, source: source ?? first };
    if (source === undefined) return [{ ...about, error: 'there is no such file in the state tree' }];
    const before = compilation.lateDiagnostics().length;
    const content = contentOf(chunk, source, files);
    if (content === undefined) {
      const [late] = compilation.lateDiagnostics().slice(before);
      return [{ ...about, error: late?.summary ?? 'the template cannot be rendered' }];
    }
    return [{ ...about, ...describe(content) }];
  });
}

function describe(content: Uint8Array): { readonly [key: string]: Json } {
  return {
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    ...(isUtf8(content) ? { content: Buffer.from(content).toString('utf8') } : {}),
  };
}

function contentOf(chunk: Chunk, uri: string, files: FileSource): Uint8Array | undefined {
  const template = chunk.args.get('template')?.value;
  // Formulas write `template: None` where they mean none, and Salt takes the file as it is.
  if (template === undefined || [null, '', 'None'].includes(nodeToJson(template) as string | null))
    return files.read(uri);
  const managed = kinds.get('file')?.functions['managed'];
  const unknown = managed && unknownArguments(chunk, managed);
  const text = files.render({ uri, ...templateRequest(chunk, unknown) });
  return text === undefined ? undefined : Buffer.from(text);
}

function sourcesOf(chunk: Chunk): readonly string[] {
  const written = chunk.args.get('source');
  if (written === undefined) return [];
  const source = nodeToJson(written.value);
  const all: readonly Json[] = Array.isArray(source) ? (source as readonly Json[]) : [source];
  return all.map((each) =>
    typeof each === 'object' && each !== null ? (Object.keys(each)[0] ?? '') : String(each),
  );
}
