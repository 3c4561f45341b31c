import { createHash } from 'node:crypto';
import type { Json } from '../model/json.ts';
import type { Chunk, ChunkKey } from '../model/state.ts';
import type { DeclaredContent, DeclaredState } from '../plan/compare-states.ts';
import type { HostCompilation } from '../sls/api.ts';
import { eachPiece, type Pieces } from '../sls/pieces.ts';
import { rememberOf } from '../sls/remember-of.ts';
import { isRequisite } from '../sls/requisite-words.ts';
import { nodeToJson } from '../yaml/node-value.ts';
import { managedFile } from './managed-files.ts';

/** Arguments of a chunk that say nothing of what it makes: where it stands, and what is told as its requisites. */
const LEFT_OUT = new Set(['order', 'saltenv', 'name', 'names', 'use', 'use_in']);

/** What is the same for all hosts that render alike: their chunks are the same ones. */
const known = new WeakMap<Chunk, Omit<DeclaredState, 'content'>>();

/** The states of one compiled host as data to be compared, the files that they write included. */
export function declaredStates(
  compiled: HostCompilation,
  pieces: Pieces = eachPiece,
): readonly DeclaredState[] {
  return compiled.found.map((chunk) => {
    const state = stateOf(chunk);
    if (chunk.module !== 'file') return state;
    const late = compiled.lateDiagnostics().length;
    const isWhole = (): boolean => compiled.lateDiagnostics().length === late;
    const content = pieces.once(pieceOf(chunk), () => contentOf(chunk, compiled), isWhole);
    return content === undefined ? state : { ...state, content };
  });
}

const piecesOf = rememberOf((_args: Chunk['args']) => new Map<string, symbol>());

/** Equal for states of the same arguments and the same name, whatever they require. */
function pieceOf({ args, name }: Chunk): symbol {
  const named = piecesOf(args);
  const known = named.get(name) ?? Symbol(name);
  named.set(name, known);
  return known;
}

const argumentsOf = rememberOf(
  (args: Chunk['args']): ReadonlyMap<string, Json> =>
    new Map(
      [...args]
        .filter(([argument]) => !LEFT_OUT.has(argument) && !isRequisite(argument))
        .map(([argument, { value }]) => [argument, nodeToJson(value)]),
    ),
);

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
    args: argumentsOf(chunk.args),
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

/** What a state writes from the state tree. */
function contentOf(chunk: Chunk, compiled: HostCompilation): DeclaredContent | undefined {
  if (chunk.fun === 'recurse') {
    const listed = folderOf(chunk, compiled);
    return listed === undefined ? undefined : { text: listed, hash: listed };
  }
  const found = managedFile(chunk, compiled);
  if (found === undefined) return undefined;
  const { content, sha256, bytes = 0, problems, source } = found;
  // Without its place: a line that is added above is no difference.
  const error = problems[0]?.summary ?? '';
  if (sha256 === undefined) return { text: null, hash: `error ${error}`, note: `${source}: ${error}` };
  if (content !== undefined) return { text: content, hash: sha256 };
  return { text: null, hash: sha256, note: `no text: ${bytes} bytes, sha256 ${sha256.slice(0, 12)}` };
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
