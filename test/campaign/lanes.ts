/** Things that are done side by side, each lane one after the other. */
export interface Lanes<Lane, Item, Result> {
  readonly lanes: readonly Lane[];
  readonly items: readonly Item[];
  /** Does one; must not throw. */
  readonly play: (item: Item, lane: Lane) => Promise<Result>;
  /** Told each result, in the order of the items: as soon as it and all before it are there. */
  readonly told: (result: Result) => void;
}

/** Plays items in lanes: whichever lane is free takes the next. */
export async function playInLanes<Lane, Item, Result>({
  lanes,
  items,
  play,
  told,
}: Lanes<Lane, Item, Result>): Promise<void> {
  const results = new Map<number, Result>();
  let [next, toTell] = [0, 0];
  const along = async (lane: Lane): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      results.set(at, await play(items[at] as Item, lane));
      for (; results.has(toTell); toTell++) {
        told(results.get(toTell) as Result);
        results.delete(toTell);
      }
    }
  };
  await Promise.all(lanes.map(along));
}
