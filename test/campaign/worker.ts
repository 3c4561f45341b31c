import { layers } from './layers.ts';
import { reasonOf } from './slot.ts';

/*
 * Plays runs of cases, as the process that started it asks for them: `{ layer, seeds }`, and answers with their ends.
 */

interface Order {
  readonly layer: string;
  readonly seeds: readonly number[];
}

const begun = new Set<string>();

async function play({ layer: name, seeds }: Order): Promise<void> {
  const layer = layers.find((each) => each.name === name);
  if (layer === undefined) throw new Error(`there is no layer ${name}`);
  if (!begun.has(name)) {
    begun.add(name);
    await layer.begin?.();
  }
  // A run that breaks down has no ends of cases: all of it is to be looked at.
  const ends = await layer
    .play(seeds)
    .catch((error: unknown) =>
      seeds.map((seed) => ({ seed, title: '?', end: 'broken', violation: `broke down: ${reasonOf(error)}` })),
    );
  process.send?.({ ends });
}

process.on('message', (order) => void play(order as Order));
process.on('disconnect', () => {
  for (const layer of layers) if (begun.has(layer.name)) layer.end?.();
  process.exit();
});
