import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Chunk } from '../model/state.ts';
import type { Absence } from './absence.ts';
import { assemble } from './assemble.ts';
import { orderChunks } from './chunk-order.ts';
import { cutChunks } from './chunks.ts';
import { applyExclusions, keptExtensions } from './exclude.ts';
import { applyExtensions } from './extend.ts';
import type { SlsBranch } from './high-state.ts';
import { applyRequisiteIn } from './requisite-in.ts';
import { resolveRequisites } from './resolve.ts';
import { orderRun } from './run-order.ts';

/** Chunks in the order in which they run, and everything that is wrong with them. */
export interface Lowered {
  readonly chunks: readonly Chunk[];
  readonly diagnostics: readonly Diagnostic[];
  /** What names no state: only for sure when every SLS could be read. */
  readonly absences: readonly Absence[];
}

/** Turns rendered SLS into chunks: number, extend, move requisites, exclude, cut, sort, resolve, order. */
export function lower(roots: readonly SlsBranch[], autoOrder = true): Lowered {
  const { high, extensions, exclusions, diagnostics } = assemble(roots, autoOrder);
  const extended = applyExtensions(high, keptExtensions(extensions, exclusions), 'any argument');
  const moved = applyRequisiteIn(high);
  const idle = applyExclusions(high, exclusions);
  const cut = cutChunks(high);
  const sorted = orderChunks(cut.drafts);
  const unresolved = resolveRequisites(sorted);
  const ordered = orderRun(sorted);
  return {
    chunks: ordered.chunks,
    diagnostics: [...diagnostics, ...idle, ...cut.diagnostics, ...ordered.diagnostics],
    absences: [...extended, ...moved, ...unresolved],
  };
}
