/**
 * Runs a job for every item, at most `parallel` at once, in order of the list.
 * @returns the results in order. A job that throws ends the whole: jobs turn refusals into values themselves.
 */
export async function forEachLimited<T, R>(
  items: readonly T[],
  parallel: number,
  job: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await job(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, parallel), items.length) }, worker));
  return results;
}
