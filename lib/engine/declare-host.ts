import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Declared, FileSource, Kind } from '../model/resource.ts';
import type { HostRecords } from '../model/records.ts';
import type { Chunk, ChunkKey } from '../model/state.ts';
import type { Grains } from '../model/value.ts';
import type { RunSettings } from '../plan/run-settings.ts';
import { declareChunk } from '../resources/index.ts';
import { kinds } from '../resources/index.ts';
import { findConflicts, findOwners } from '../resources/index.ts';
import { parseConditions, type ChunkConditions } from './conditions.ts';
import { parseRunSettings } from './run-settings.ts';
import { orderByNeeds } from './soft-order.ts';

/** One chunk with what its kind read from it. */
export interface DeclaredChunk {
  readonly chunk: Chunk;
  readonly kind: Kind;
  readonly declared: Declared;
}

/** Everything a host shall be, ready to be compared. */
export interface DeclaredHost {
  /** In running order. */
  readonly chunks: readonly DeclaredChunk[];
  readonly conditions: ReadonlyMap<ChunkKey, ChunkConditions>;
  /** What the global arguments say of the way a chunk runs. */
  readonly settings: ReadonlyMap<ChunkKey, RunSettings>;
  /** The commands of `check_cmd`, where there are any. */
  readonly checks: ReadonlyMap<ChunkKey, readonly string[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** How strictly states are read. */
export interface Strictness {
  /** Arguments that a state function does not know are warnings instead of errors. */
  readonly lax?: boolean;
}

/** What chunks are read against. */
export interface DeclareInput extends Strictness {
  readonly grains: Grains;
  readonly files: FileSource;
  readonly records: HostRecords;
  /** What the inventory says for this host; left out: no. */
  readonly failhard?: boolean;
}

/** Nothing is on record of a host. */
export function noRecords(environment: string, host: string): HostRecords {
  return { environment, host, disks: [], approvals: [] };
}

/** Reads every chunk of a host through its kind, and finds two owners of one object. */
export function declareHost(chunks: readonly Chunk[], input: DeclareInput): DeclaredHost {
  const diagnostics: Diagnostic[] = [];
  const conditions = new Map<ChunkKey, ChunkConditions>();
  const settings = new Map<ChunkKey, RunSettings>();
  const checks = new Map<ChunkKey, readonly string[]>();
  const declaredChunks: DeclaredChunk[] = [];
  const context = { ...input, kinds };
  for (const chunk of chunks) {
    const checked = declareChunk(chunk, context);
    for (const each of checked.diagnostics) diagnostics.push(each);
    const kind = kinds.get(chunk.module);
    const parsed = parseConditions(chunk, (argument) => Object.hasOwn(ownSchemas(chunk, kind), argument));
    for (const each of parsed.diagnostics) diagnostics.push(each);
    if (parsed.conditions !== undefined) conditions.set(chunk.key, parsed.conditions);
    const run = parseRunSettings(chunk, kind, input.failhard ?? false);
    for (const each of run.diagnostics) diagnostics.push(each);
    settings.set(chunk.key, run.settings);
    if (run.check.length > 0) checks.set(chunk.key, run.check);
    if (checked.value !== undefined && kind !== undefined)
      declaredChunks.push({ chunk, kind, declared: checked.value });
  }
  for (const each of [...findOwners(declaredChunks), ...findConflicts(declaredChunks)])
    diagnostics.push(each);
  return { chunks: orderByNeeds(declaredChunks), conditions, settings, checks, diagnostics };
}

/** Schemas of the arguments that the chunk's function takes itself. */
function ownSchemas(chunk: Chunk, kind: Kind | undefined): object {
  return (kind?.functions[chunk.fun]?.schema['properties'] ?? {}) as object;
}
