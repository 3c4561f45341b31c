import { createHash } from 'node:crypto';
import type { Chunk, ChunkKey } from '../model/state.ts';
import type { DeclaredContent, DeclaredState } from '../plan/compare-states.ts';
import type { HostCompilation } from '../sls/api.ts';
import { isRequisite } from '../sls/requisite-words.ts';
import { nodeToJson } from '../yaml/node-value.ts';
import { managedFiles } from './managed-files.ts';

/** Arguments of a chunk that say nothing of what it makes: where it stands, and what is told as its requisites. */
const LEFT_OUT = new Set(['order', 'saltenv', 'name', 'names', 'use', 'use_in']);

/** What is the same for all hosts that render alike: their chunks are the same ones. */
const known = new WeakMap<Chunk, Omit<DeclaredState, 'content'>>();

/** The states of one compiled host as data to be compared, the files that they write included. */
export function declaredStates(compiled: HostCompilation): readonly DeclaredState[] {
  const chunks = compiled.found;
  const contents = contentsOf(chunks, compiled);
  return chunks.map((chunk, index) => {
    const content = contents.get(index);
    return { ...stateOf(chunk), ...(content === undefined ? {} : { content }) };
  });
}

function stateOf(chunk: Chunk): Omit<DeclaredState, 'content'> {
  const before = known.get(chunk);
  if (before !== undefined) return before;
  const { key, id, module, fun, name, sls, source } = chunk;
  const state = {
    key,
    id,
    module,
    fun,
    name,
    sls,
    source,
    args: new Map(
      [...chunk.args]
        .filter(([argument]) => !LEFT_OUT.has(argument) && !isRequisite(argument))
        .map(([argument, { value }]) => [argument, nodeToJson(value)]),
    ),
    requisites: chunk.requisites
      .flatMap(({ type, targets }) => targets.map((target) => `${type} ${shortKey(target)}`))
      .sort(),
    watches: chunk.requisites
      .filter(({ type }) => type === 'watch' || type === 'watch_any' || type === 'listen')
      .flatMap(({ targets }) => targets),
  };
  known.set(chunk, state);
  return state;
}

/** `file:/etc/hosts` of Salt's tag. */
function shortKey(key: ChunkKey): string {
  const [module = '', , name = ''] = key.split('_|-');
  return `${module}:${name}`;
}

/** What states write from the state tree, by the place of the chunk. */
function contentsOf(
  chunks: readonly Chunk[],
  compiled: HostCompilation,
): ReadonlyMap<number, DeclaredContent> {
  const contents = new Map<number, DeclaredContent>();
  for (const found of managedFiles(chunks, compiled)) {
    const { chunk, content, sha256, bytes = 0, problems, source } = found;
    // Without its place: a line that is added above is no difference.
    const error = problems[0]?.summary ?? '';
    if (sha256 === undefined)
      contents.set(chunk, { text: null, hash: `error ${error}`, note: `${source}: ${error}` });
    else if (content !== undefined) contents.set(chunk, { text: content, hash: sha256 });
    else
      contents.set(chunk, {
        text: null,
        hash: sha256,
        note: `no text: ${bytes} bytes, sha256 ${sha256.slice(0, 12)}`,
      });
  }
  chunks.forEach((chunk, index) => {
    if (chunk.module !== 'file' || chunk.fun !== 'recurse') return;
    const listed = folderOf(chunk, compiled);
    if (listed !== undefined) contents.set(index, { text: listed, hash: listed });
  });
  return contents;
}

/** The files of a folder that is copied whole, a line each with the beginning of its hash. */
function folderOf(chunk: Chunk, { files }: HostCompilation): string | undefined {
  const written = chunk.args.get('source')?.value;
  const source = written === undefined ? undefined : nodeToJson(written);
  if (typeof source !== 'string') return undefined;
  const lines = files.list(source).map((uri) => {
    const hash = createHash('sha256')
      .update(files.read(uri) ?? '')
      .digest('hex');
    return `${uri} ${hash.slice(0, 12)}\n`;
  });
  return lines.join('');
}
