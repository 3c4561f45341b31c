import { didYouMean } from '../diagnostics/near.ts';
import type { RolloutStage } from '../model/rollout.ts';
import type { WrittenStage } from './rollout-stage.ts';
import type { ShapeReader } from './shape.ts';

/**
 * Says what each stage needs: what is written, otherwise the one before. Stages run in the order of the file, so one that is
 * needed has to stand before those that need it; circles are complaints with all their stages.
 */
export function settleNeeds(reader: ShapeReader, stages: readonly WrittenStage[]): readonly RolloutStage[] {
  const places = new Map(stages.map(({ name }, place) => [name, place]));
  const needsOf = (name: string) => stages[places.get(name) ?? -1]?.needs ?? [];
  for (const [place, { name, needs = [] }] of stages.entries())
    for (const { name: needed, source } of needs) {
      const at = places.get(needed);
      if (at === undefined)
        reader.complain(source, `there is no stage ${needed}`, {
          fix: didYouMean(needed, places.keys()) ?? `name one of ${[...places.keys()].join(', ')}`,
        });
      else if (at >= place) {
        const circle = pathTo(name, needed, needsOf);
        if (circle !== undefined)
          reader.complain(source, `the stage ${name} needs itself: ${[name, ...circle].join(' → ')}`, {
            fix: `leave out ${needed}, or what leads back from it`,
          });
        else
          reader.complain(source, `the stage ${name} needs ${needed}, which comes after it`, {
            why: 'stages run in the order of the file',
            fix: `move ${needed} before ${name}`,
          });
      }
    }
  return stages.map((stage, place) => {
    const before = stages[place - 1];
    const unwritten = before === undefined ? [] : [{ name: before.name, source: stage.source }];
    return { ...stage, needs: stage.needs ?? unwritten };
  });
}

/** The stages over which one leads to another by what is needed; each is looked at once. */
function pathTo(
  wanted: string,
  from: string,
  needsOf: (name: string) => readonly { readonly name: string }[],
): readonly string[] | undefined {
  const seen = new Set<string>();
  const walk = (name: string): readonly string[] | undefined => {
    if (name === wanted) return [name];
    if (seen.has(name)) return undefined;
    seen.add(name);
    for (const next of needsOf(name)) {
      const rest = walk(next.name);
      if (rest !== undefined) return [name, ...rest];
    }
    return undefined;
  };
  return walk(from);
}
