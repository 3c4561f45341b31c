import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { plainPlace } from '../diagnostics/place.ts';
import type { Json } from '../model/json.ts';
import type { FileSource } from '../model/resource.ts';
import type { SourceRange } from '../model/source.ts';
import type { Chunk } from '../model/state.ts';
import { kinds, templateRequest, unknownArguments } from '../resources/index.ts';
import type { HostCompilation } from '../sls/api.ts';
import { mistake } from '../sls/mistake.ts';
import { nodeToJson } from '../yaml/node-value.ts';

/** What one `file.managed` would write; without `sha256` it is not known, and the problems say why. */
export interface ManagedFile {
  /** The place of its chunk in the low state. */
  readonly chunk: number;
  readonly name: string;
  readonly source: string;
  readonly bytes?: number;
  readonly sha256?: string;
  /** Absent where it is no text. */
  readonly content?: string;
  /** At the template, or at the argument that names the file. */
  readonly problems: readonly Diagnostic[];
}

/** What `file.managed` would write from the state tree, for each chunk of a low state that does. */
export function managedFiles(chunks: readonly Chunk[], compilation: HostCompilation): readonly ManagedFile[] {
  return chunks.flatMap((chunk, index): ManagedFile[] => {
    const file = managedFile(chunk, compilation);
    return file === undefined ? [] : [{ chunk: index, ...file }];
  });
}

/** What a chunk would write from the state tree; undefined where it does not. */
export function managedFile(
  chunk: Chunk,
  compilation: HostCompilation,
): Omit<ManagedFile, 'chunk'> | undefined {
  if (chunk.module !== 'file' || chunk.fun !== 'managed') return undefined;
  const sources = sourcesOf(chunk).filter((source) => source.startsWith('salt://'));
  const [first] = sources;
  if (first === undefined) return undefined;
  const { files } = compilation;
  const source = sources.find((each) => files.read(each) !== undefined);
  const about = { name: chunk.name, source: source ?? first };
  if (source === undefined) return { ...about, problems: [missing(chunk, sources, files)] };
  const before = compilation.lateDiagnostics().length;
  const content = contentOf(chunk, source, files);
  if (content === undefined) {
    const late = compilation.lateDiagnostics().slice(before);
    return { ...about, problems: late.length === 0 ? [unrendered(chunk)] : late };
  }
  return { ...about, ...describe(content), problems: [] };
}

function missing(chunk: Chunk, sources: readonly string[], files: FileSource): Diagnostic {
  const [near] = files.near(sources[0] ?? '');
  return mistake('SLAB2106', 'there is no such file in the state tree', placeOfSource(chunk), {
    why: `${sources.length === 1 ? 'nothing is' : 'none is'} at ${sources.join(', ')}`,
    fix: near === undefined ? undefined : `did you mean "${near}"?`,
  });
}

function unrendered(chunk: Chunk): Diagnostic {
  return mistake('SLAB2106', 'the template cannot be rendered', placeOfSource(chunk));
}

function placeOfSource(chunk: Chunk): SourceRange {
  return plainPlace((chunk.args.get('source') ?? chunk).source);
}

function describe(content: Uint8Array): Pick<ManagedFile, 'bytes' | 'sha256' | 'content'> {
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
