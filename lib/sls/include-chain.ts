import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { plainPlace } from '../diagnostics/place.ts';
import type { SourceRange } from '../model/source.ts';

/** The lines by which an SLS came into the run, innermost first; empty for one that was asked for itself. */
export type IncludeChain = readonly SourceRange[];

/** The chain of every SLS file of a run, by the name that errors show; the first way in counts. */
export type IncludeChains = ReadonlyMap<string, IncludeChain>;

/** The chain of what is included at a place of an SLS that has a chain itself. */
export function chainThrough(place: SourceRange, chain: IncludeChain): IncludeChain {
  return [place, ...(place.via ?? []), ...chain];
}

/** Adds to a mistake who included the SLS it stands in, or the SLS that imported the template it stands in. */
export function includedFrom(diagnostic: Diagnostic, chains: IncludeChains): Diagnostic {
  const { source } = diagnostic;
  if (source === undefined) return diagnostic;
  const { via = [] } = source;
  const chain = chains.get((via.at(-1) ?? source).file) ?? [];
  if (chain.length === 0) return diagnostic;
  return { ...diagnostic, source: { ...plainPlace(source), via: [...via, ...chain] } };
}
