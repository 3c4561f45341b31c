import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import type { Json } from '../model/json.ts';
import type { Node } from '../model/node.ts';
import type { FileSource, TemplateRequest } from '../model/resource.ts';
import type { Chunk } from '../model/state.ts';
import { globalArguments, kinds } from '../resources/index.ts';
import type { HostCompilation } from '../sls/compiler.ts';
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
  const context = chunk.args.get('context')?.value;
  const defaults = chunk.args.get('defaults')?.value;
  const request: TemplateRequest = {
    uri,
    variables: new Map([...ownArguments(chunk), ...unknownArguments(chunk)]),
    ...(context === undefined ? {} : { context }),
    ...(defaults === undefined ? {} : { defaults }),
  };
  const text = files.render(request);
  return text === undefined ? undefined : Buffer.from(text);
}

/** What Salt hands every template of `file.managed` besides; what is not given is None. */
function ownArguments(chunk: Chunk): ReadonlyMap<string, Node> {
  const { source } = chunk;
  const given = (name: string): Node =>
    chunk.args.get(name)?.value ?? { type: 'scalar', value: null, source };
  const mode = nodeToJson(given('mode'));
  // As Salt: four digits, whatever was written.
  const digits =
    typeof mode !== 'string' && typeof mode !== 'number'
      ? null
      : String(mode).replace(/^0+/, '').padStart(4, '0');
  return new Map<string, Node>([
    ['name', { type: 'scalar', value: chunk.name, source }],
    ['user', given('user')],
    ['group', given('group')],
    ['mode', { type: 'scalar', value: digits, source }],
    ['attrs', given('attrs')],
  ]);
}

/** Arguments that `file.managed` does not know: its template sees them as variables. */
function unknownArguments(chunk: Chunk): ReadonlyMap<string, Node> {
  const properties = kinds.get('file')?.functions['managed']?.schema['properties'] ?? {};
  return new Map(
    [...chunk.args].flatMap(([name, { value }]): [string, Node][] =>
      Object.hasOwn(properties as object, name) || globalArguments.has(name) ? [] : [[name, value]],
    ),
  );
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
