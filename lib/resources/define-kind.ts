import type { Json } from '../model/json.ts';
import type { Declared, Kind, KindSpec } from '../model/resource.ts';

/** Closes a kind over its own types, so that the engine sees one shape and the kind stays fully typed inside. */
export function defineKind<D, O extends Json>(spec: KindSpec<D, O>): Kind {
  // `value` was put there by this kind's own parse, and `observed` by its own observe: the engine only carries them.
  const open = (declared: Declared): D => declared.value as D;
  const seen = (observed: Json): O => observed as O;
  return {
    name: spec.name,
    summary: spec.summary,
    functions: spec.functions,
    parse(input) {
      const parsed = spec.parse(input);
      if ('complaints' in parsed) return parsed;
      const value = parsed.declared;
      return {
        declared: {
          kind: spec.name,
          objects: spec.identify(value),
          needs: spec.needs?.(value) ?? [],
          alwaysRuns: spec.alwaysRuns?.(value) ?? false,
          value,
        },
      };
    },
    conflicts: (declared) => spec.conflicts?.(declared.map(open)) ?? [],
    unshared: (declared) => spec.unshared?.(open(declared)) ?? [],
    probe: (declared, grains) => spec.probe(declared.map(open), grains),
    observe: (result, declared) => spec.observe(result, declared.map(open)),
    ...deeper(spec),
    diff: (declared, observed, prospect) => spec.diff(open(declared), seen(observed), prospect),
    steps: (declared, changes, observed) =>
      changes.length === 0 ? [] : spec.steps(open(declared), changes, seen(observed)),
    refresh: (declared, observed) => spec.refresh?.(open(declared), seen(observed)),
  };
}

/** The two halves of a closer look, or neither. */
function deeper<D, O extends Json>({
  deepen,
  observeDeeper,
}: KindSpec<D, O>): Pick<Kind, 'deepen' | 'observeDeeper'> {
  if (deepen === undefined || observeDeeper === undefined) return {};
  const open = (declared: readonly Declared[]) => declared.map((each) => each.value as D);
  return {
    deepen: (declared, observed, grains) => deepen(open(declared), observed as readonly O[], grains),
    observeDeeper: (results, declared, observed) =>
      observeDeeper(results, open(declared), observed as readonly O[]),
  };
}
