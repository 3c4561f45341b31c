/** Nodes in an order in which each follows everything it needs, and the cycles that made that impossible. */
export interface Ordering<Id> {
  /** Every node once. Members of a cycle stand somewhere in it: check `cycles` first. */
  readonly order: readonly Id[];
  /** Each as a walk: every member needs the next one, and the last needs the first. No node is in two of them. */
  readonly cycles: readonly (readonly Id[])[];
}

/** A node whose needs are being walked. */
interface Visit<Id> {
  readonly node: Id;
  readonly needs: readonly Id[];
  next: number;
}

/**
 * Orders nodes so that each follows everything it needs; ties keep the order in which the nodes are given.
 * The walk pulls what a node needs to just before it, first need first, which is how Salt's scheduler runs a list.
 * @param needs what each node needs, in order; ids that are not among the nodes are passed over.
 */
export function orderGraph<Id>(nodes: readonly Id[], needs: ReadonlyMap<Id, readonly Id[]>): Ordering<Id> {
  const known = new Set(nodes);
  const done = new Set<Id>();
  const onPath = new Map<Id, number>();
  const order: Id[] = [];
  const cycles: Id[][] = [];
  const inCycle = new Set<Id>();

  const begin = (node: Id, path: Visit<Id>[]): void => {
    onPath.set(node, path.length);
    path.push({ node, needs: needs.get(node) ?? [], next: 0 });
  };

  for (const root of nodes) {
    if (done.has(root)) continue;
    // A stack of our own: a chain of ten thousand states must not exhaust the one of the language.
    const path: Visit<Id>[] = [];
    begin(root, path);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      if (visit.next === visit.needs.length) {
        path.pop();
        onPath.delete(visit.node);
        done.add(visit.node);
        order.push(visit.node);
        continue;
      }
      const need = visit.needs[visit.next++] as Id; // next < length was checked above
      const depth = onPath.get(need);
      if (depth !== undefined) {
        const cycle = path.slice(depth).map((step) => step.node);
        if (!cycle.some((node) => inCycle.has(node))) cycles.push(cycle);
        for (const node of cycle) inCycle.add(node);
      } else if (known.has(need) && !done.has(need)) begin(need, path);
    }
  }
  return { order, cycles };
}
