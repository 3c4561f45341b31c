import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { SourceRange } from '../model/source.ts';
import { isGlob, matchGlob } from '../regex/glob.ts';
import type { Exclusion, Extension, HighState } from './high-state.ts';
import { warning } from './mistake.ts';

/**
 * Removes the excluded IDs and the IDs of excluded SLS. Requisites that were copied to other states stay.
 * @returns a warning for each ID that is not there; an SLS that is not there was not included, which is what is wanted.
 */
export function applyExclusions(high: HighState, exclusions: readonly Exclusion[]): readonly Diagnostic[] {
  const ids = new Set(high.keys());
  const warnings = exclusions
    .filter(({ type, name }) => type === 'id' && !ids.has(name))
    .map(({ name, source }) => noSuchId(name, ids, source));
  for (const exclusion of exclusions)
    for (const declaration of high.values()) {
      const hit =
        exclusion.type === 'id'
          ? declaration.id === exclusion.name
          : matchGlob(exclusion.name, declaration.sls);
      if (hit) high.delete(declaration.id);
    }
  return warnings;
}

function noSuchId(name: string, ids: ReadonlySet<string>, source: SourceRange): Diagnostic {
  return warning('SLAB2012', `exclude names the ID ${name}, which does not exist`, source, {
    why: isGlob(name)
      ? 'an ID is taken as it stands; only the names of SLS may be globs'
      : 'so it does nothing, as in Salt',
    fix: didYouMean(name, ids) ?? 'write the ID as it is declared, or leave the entry out',
  });
}

/** Extensions without those of an SLS that is excluded by its very name (a glob does not count, as in Salt). */
export function keptExtensions(
  extensions: readonly Extension[],
  exclusions: readonly Exclusion[],
): readonly Extension[] {
  const gone = new Set(exclusions.filter((entry) => entry.type === 'sls').map((entry) => entry.name));
  return extensions.filter((extension) => !gone.has(extension.sls));
}
