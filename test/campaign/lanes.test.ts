import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { playInLanes } from './lanes.ts';

describe('playInLanes', () => {
  it('gives what is next to whichever lane is free, and tells the results in order', async () => {
    const ends = new Map<string, () => void>();
    const log: string[] = [];
    const play = (item: string, lane: string) =>
      new Promise<string>((resolve) => {
        log.push(`${lane} begins ${item}`);
        ends.set(item, () => resolve(item));
      });
    const end = async (item: string) => {
      ends.get(item)?.();
      await new Promise(setImmediate);
    };

    const all = playInLanes({
      ...{ lanes: ['left', 'right'], items: ['slow', 'quick', 'last'], play },
      told: (result) => log.push(`told of ${result}`),
    });
    for (const item of ['quick', 'last', 'slow']) await end(item);
    await all;

    assert.deepEqual(log, [
      ...['left begins slow', 'right begins quick', 'right begins last'],
      ...['told of slow', 'told of quick', 'told of last'],
    ]);
  });
});
