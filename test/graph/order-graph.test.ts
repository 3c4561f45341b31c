import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { orderGraph } from '../../lib/graph/order-graph.ts';

const needs = (edges: Record<string, string[]>): Map<string, string[]> => new Map(Object.entries(edges));

describe('orderGraph', () => {
  it('keeps the given order when nothing needs anything', () => {
    assert.deepEqual(orderGraph(['c', 'a', 'b'], new Map()), { order: ['c', 'a', 'b'], cycles: [] });
  });

  it('pulls what a node needs to just before it, first need first', () => {
    const { order } = orderGraph(['a', 'b', 'c', 'd'], needs({ a: ['d', 'c'] }));

    assert.deepEqual(order, ['d', 'c', 'a', 'b']);
  });

  it('pulls needs of needs', () => {
    assert.deepEqual(orderGraph(['a', 'b', 'c'], needs({ a: ['b'], b: ['c'] })).order, ['c', 'b', 'a']);
  });

  it('passes over ids that are not among the nodes', () => {
    assert.deepEqual(orderGraph(['a'], needs({ a: ['gone'] })), { order: ['a'], cycles: [] });
  });

  it('reports a cycle with its members in the order of their needs', () => {
    const { cycles } = orderGraph(['x', 'a', 'b', 'c'], needs({ x: ['a'], a: ['b'], b: ['c'], c: ['a'] }));

    assert.deepEqual(cycles, [['a', 'b', 'c']]);
  });

  it('reports a node that needs itself', () => {
    assert.deepEqual(orderGraph(['a'], needs({ a: ['a'] })), { order: ['a'], cycles: [['a']] });
  });

  it('reports two separate cycles and orders the rest', () => {
    const graph = needs({ a: ['b'], b: ['a'], c: ['d'], d: ['c'], e: ['f'] });

    const { order, cycles } = orderGraph(['a', 'b', 'c', 'd', 'e', 'f'], graph);

    assert.deepEqual(cycles, [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    assert.deepEqual(order.slice(-2), ['f', 'e']);
  });

  it('walks a chain of fifty thousand nodes', () => {
    const nodes = Array.from({ length: 50_000 }, (_, index) => index);
    const chain = new Map(nodes.slice(0, -1).map((node) => [node, [node + 1]]));

    const { order } = orderGraph(nodes, chain);

    assert.equal(order[0], 49_999);
    assert.equal(order.length, 50_000);
  });
});

/** Graphs of up to twelve numbered nodes; with `acyclic`, edges go from higher ranks to lower ones only. */
const graph = (acyclic: boolean): fc.Arbitrary<{ nodes: number[]; needs: Map<number, number[]> }> =>
  fc.integer({ min: 1, max: 12 }).chain((size) => {
    const all = Array.from({ length: size }, (_, index) => index);
    const edges = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 30 });
    return fc
      .tuple(
        fc.shuffledSubarray(all, { minLength: size }),
        edges,
        fc.shuffledSubarray(all, { minLength: size }),
      )
      .map(([nodes, pairs, rank]) => {
        const map = new Map<number, number[]>();
        for (const [a, b] of pairs) {
          if (acyclic && (rank[a] ?? 0) <= (rank[b] ?? 0)) continue;
          map.set(a, [...(map.get(a) ?? []), b]);
        }
        return { nodes, needs: map };
      });
  });

describe('orderGraph, for every graph', () => {
  it('gives each node exactly once', () => {
    fc.assert(
      fc.property(graph(false), ({ nodes, needs }) => {
        assert.deepEqual(orderGraph(nodes, needs).order.toSorted(byNumber), nodes.toSorted(byNumber));
      }),
    );
  });

  it('respects every edge of a graph without cycles, and finds none', () => {
    fc.assert(
      fc.property(graph(true), ({ nodes, needs }) => {
        const { order, cycles } = orderGraph(nodes, needs);

        assert.deepEqual(cycles, []);
        for (const [node, wanted] of needs)
          for (const need of wanted) assert.ok(order.indexOf(need) < order.indexOf(node));
      }),
    );
  });

  it('changes nothing when the order already holds', () => {
    fc.assert(
      fc.property(graph(true), ({ nodes, needs }) => {
        const once = orderGraph(nodes, needs).order;

        assert.deepEqual(orderGraph(once, needs).order, once);
      }),
    );
  });

  it('finds a cycle exactly when an edge is broken, and each step of a cycle is an edge', () => {
    fc.assert(
      fc.property(graph(false), ({ nodes, needs }) => {
        const { order, cycles } = orderGraph(nodes, needs);

        const broken = [...needs].some(([node, wanted]) =>
          wanted.some((need) => order.indexOf(need) >= order.indexOf(node)),
        );
        assert.equal(cycles.length > 0, broken);
        for (const cycle of cycles)
          for (const [index, node] of cycle.entries())
            assert.ok(needs.get(node)?.includes(cycle[(index + 1) % cycle.length] ?? -1));
      }),
    );
  });
});

function byNumber(a: number, b: number): number {
  return a - b;
}
