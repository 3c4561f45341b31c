import type { Divergence } from './divergence.ts';
import type { ContentCache } from './load.ts';
import type { Lowered } from './low-state.ts';
import { SharedPieces } from './pieces.ts';
import { Recent } from './recent.ts';
import type { KeptDocuments } from './renderer.ts';

/** So many low states are kept for hosts that render alike. */
const MOST_LOW_STATES = 64;

/** What one compiler keeps from host to host beside its templates, or the compilers of two revisions together. */
export interface Kept {
  readonly documents: (sort: 'states' | 'pillar', saltenv: string) => KeptDocuments;
  readonly contents: ContentCache;
  readonly lowered: Recent<string, Lowered>;
}

/** What the compilers of two revisions share, of which the newer one compiles each host first. */
export interface Common {
  readonly kept: Kept;
  readonly pieces: SharedPieces;
}

/** Nothing is kept yet. */
export function keepNothing(): Kept {
  const documents = new Map<string, KeptDocuments>();
  return {
    documents(sort, saltenv) {
      const key = `${sort} ${saltenv}`;
      const known = documents.get(key) ?? (new Map() as KeptDocuments);
      documents.set(key, known);
      return known;
    },
    contents: new WeakMap(),
    lowered: new Recent(MOST_LOW_STATES),
  };
}

/** What two compilers are to share. */
export function createCommon(divergence: Divergence): Common {
  return { kept: keepNothing(), pieces: new SharedPieces(divergence) };
}
