import type { Diagnostic } from '../diagnostics/diagnostic.ts';
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
  const { line, column, endLine, endColumn, via = [] } = source;
  const chain = chains.get((via.at(-1) ?? source).file) ?? [];
  if (chain.length === 0) return diagnostic;
  // Member by member: a place may be an object that works them out when asked.
  const place: SourceRange = {
    file: source.file,
    line,
    column,
    ...(endLine === undefined ? {} : { endLine }),
    ...(endColumn === undefined ? {} : { endColumn }),
    via: [...via, ...chain],
  };
  return { ...diagnostic, source: place };
}
