import { matchGlob } from '../regex/glob.ts';
import type { Exclusion, Extension, HighState } from './high-state.ts';

/** Removes the excluded IDs and the IDs of excluded SLS. Requisites that were copied to other states stay. */
export function applyExclusions(high: HighState, exclusions: readonly Exclusion[]): void {
  for (const exclusion of exclusions)
    for (const declaration of high.values()) {
      const hit =
        exclusion.type === 'id'
          ? declaration.id === exclusion.name
          : matchGlob(exclusion.name, declaration.sls);
      if (hit) high.delete(declaration.id);
    }
}

/** Extensions without those of an SLS that is excluded by its very name (a glob does not count, as in Salt). */
export function keptExtensions(
  extensions: readonly Extension[],
  exclusions: readonly Exclusion[],
): readonly Extension[] {
  const gone = new Set(exclusions.filter((entry) => entry.type === 'sls').map((entry) => entry.name));
  return extensions.filter((extension) => !gone.has(extension.sls));
}
