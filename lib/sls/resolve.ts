import { didYouMean } from '../diagnostics/near.ts';
import type { SourceRange } from '../model/source.ts';
import type { Chunk, ChunkKey, Requisite, RequisiteType } from '../model/state.ts';
import { isGlob, matchGlob } from '../regex/glob.ts';
import type { Absence } from './absence.ts';
import type { LowChunk } from './low-chunk.ts';
import { mistake, type MistakeDetails } from './mistake.ts';
import type { RequisiteEntry } from './requisite-entry.ts';
import { requisiteEntries } from './requisite-entry.ts';
import { FORWARD } from './requisite-words.ts';

/**
 * Resolves every requisite to the chunks it names, by name or ID, literally or by glob; `sls:` names every chunk of
 * an SLS, a bare word a state of any module. `listen_in` becomes a `listen` of the states it names.
 * An entry that names nothing is left out.
 * @returns what names no state.
 */
export function resolveRequisites(chunks: readonly LowChunk[]): readonly Absence[] {
  const index = indexChunks(chunks);
  const absences: Absence[] = [];
  const listeners = new Map<ChunkKey, Requisite[]>();
  const own = new Map<ChunkKey, Requisite[]>();

  for (const chunk of chunks) {
    const requisites: Requisite[] = [];
    for (const [name, argument] of chunk.args) {
      const forward = FORWARD.has(name);
      if (!forward && name !== 'listen_in') continue;
      for (const entry of requisiteEntries(argument.value)) {
        const found = index.find(entry);
        if (found.length === 0) {
          absences.push(missing(forward ? 'SLAB2014' : 'SLAB2016', name, entry, index));
          continue;
        }
        // FORWARD holds exactly the members of RequisiteType.
        if (forward) requisites.push(new ResolvedRequisite(name as RequisiteType, found, entry));
        else
          for (const { key } of found) {
            const listening = new ResolvedRequisite('listen', [chunk], entry);
            const known = listeners.get(key);
            if (known === undefined) listeners.set(key, [listening]);
            else known.push(listening);
          }
      }
    }
    if (requisites.length > 0) own.set(chunk.key, requisites);
  }

  for (const chunk of chunks)
    chunk.requisites = [...(own.get(chunk.key) ?? []), ...(listeners.get(chunk.key) ?? [])];
  return absences;
}

/** A requisite that stands where its entry does. */
class ResolvedRequisite implements Requisite {
  readonly type: RequisiteType;
  readonly targets: readonly ChunkKey[];
  readonly #entry: RequisiteEntry;

  constructor(type: RequisiteType, found: readonly Chunk[], entry: RequisiteEntry) {
    this.type = type;
    this.targets = found.map((target) => target.key);
    this.#entry = entry;
  }

  get source(): SourceRange {
    return this.#entry.source;
  }
}

interface ChunkIndex {
  /** In the order of the chunks. */
  find(entry: Pick<RequisiteEntry, 'module' | 'name'>): readonly Chunk[];
  /** Names and IDs an entry of this module could have meant. */
  candidates(module: string): Set<string>;
}

function indexChunks(chunks: readonly Chunk[]): ChunkIndex {
  const byWord = new Map<string, Chunk[]>();
  const bySls = new Map<string, Chunk[]>();
  const file = (index: Map<string, Chunk[]>, word: string, chunk: Chunk): void => {
    const known = index.get(word);
    if (known === undefined) index.set(word, [chunk]);
    else known.push(chunk);
  };
  for (const chunk of chunks) {
    file(bySls, chunk.sls, chunk);
    for (const word of new Set([chunk.id, chunk.name])) file(byWord, word, chunk);
  }
  const ofModule = (module: string, chunk: Chunk): boolean => module === 'id' || chunk.module === module;

  return {
    find({ module, name }) {
      if (module === 'sls')
        return isGlob(name) ? chunks.filter((chunk) => matchGlob(name, chunk.sls)) : (bySls.get(name) ?? []);
      // A name with brackets is read as a glob by Salt; slab also takes it as it stands.
      const literal = (byWord.get(name) ?? []).filter((chunk) => ofModule(module, chunk));
      if (literal.length > 0 || !isGlob(name)) return literal;
      return chunks.filter(
        (chunk) => ofModule(module, chunk) && (matchGlob(name, chunk.name) || matchGlob(name, chunk.id)),
      );
    },
    candidates(module) {
      if (module === 'sls') return new Set(chunks.map((chunk) => chunk.sls));
      return new Set(
        chunks.filter((chunk) => ofModule(module, chunk)).flatMap((chunk) => [chunk.id, chunk.name]),
      );
    },
  };
}

function missing(
  code: 'SLAB2014' | 'SLAB2016',
  type: string,
  entry: RequisiteEntry,
  index: ChunkIndex,
): Absence {
  const { module, name } = entry;
  const near = didYouMean(name, index.candidates(module));
  const others = module === 'sls' || module === 'id' ? [] : index.find({ module: 'id', name });
  const absent = (summary: string, more: MistakeDetails): Absence => ({
    name,
    hasLikeness: near !== undefined || others.length > 0,
    diagnostic: mistake(code, summary, entry.source, more),
  });
  if (module === 'sls')
    return absent(`${type} names the SLS ${name}, which is not part of this run`, {
      why: 'no state of it was compiled for this host',
      fix: near ?? `include ${name}`,
    });
  if (others.length > 0) {
    const modules = [...new Set(others.map((chunk) => chunk.module))];
    return absent(`${type} names the ${module} state ${name}, which does not exist`, {
      why: `${name} is a ${modules.join(' and a ')} state`,
      fix: near ?? `write "${modules[0] ?? ''}: ${name}"`,
      related: others
        .slice(0, 3)
        .map((chunk) => ({ source: chunk.source, message: `${chunk.module}.${chunk.fun}` })),
    });
  }
  const what = module === 'id' ? 'state' : `${module} state`;
  return absent(`${type} names the ${what} ${name}, which does not exist`, {
    why: 'no SLS of this run declares it under that ID or name',
    fix: near ?? 'include the SLS that declares it, or remove the requisite',
  });
}
