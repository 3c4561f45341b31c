import type { PillarWrite } from '../model/explanation.ts';
import type { Json } from '../model/json.ts';
import type { Node } from '../model/node.ts';
import type { SaltOptions } from '../model/salt-options.ts';
import type { SourceRange } from '../model/source.ts';
import type { Dict } from '../model/value.ts';
import { nodeToJson } from '../yaml/node-value.ts';
import { printedText } from './node-shape.ts';
import type { PillarLayer } from './pillar.ts';
import { printScalar } from './print-scalar.ts';
import { isDict } from './traverse.ts';

/** What a document has at a path. */
type Found =
  | { readonly type: 'value'; readonly node: Node; readonly source: SourceRange }
  /** Something stands on the way that has no such entry: it takes the place of what was there. */
  | { readonly type: 'blocked'; readonly node: Node; readonly source: SourceRange };

/** Every key of a pillar, nested ones with colons. */
export function pillarKeys(pillar: Dict): readonly string[] {
  return [...pillar].flatMap(([key, value]) => {
    const name = printScalar(key) ?? '';
    return isDict(value) ? [name, ...pillarKeys(value).map((inner) => `${name}:${inner}`)] : [name];
  });
}

/** Every SLS that wrote at a pillar key, above it or below it, in the order in which they were merged. */
export function tracePillar(
  layers: readonly PillarLayer[],
  key: string,
  options: SaltOptions,
): readonly PillarWrite[] {
  const deep = DEEP.has(options.pillarSourceMergingStrategy);
  const path = key.split(':');
  const writes: PillarWrite[] = [];
  let present: Shape | 'nothing' = 'nothing';
  for (const layer of layers) {
    const found = findIn(layer, path) ?? (deep ? undefined : replacedAbove(layer, path));
    if (found === undefined || (found.type === 'blocked' && present === 'nothing')) continue;
    const shape = found.type === 'blocked' ? 'nothing' : found.node.type;
    const joins =
      shape === present && (shape === 'map' ? deep : shape === 'list' && options.pillarMergeLists);
    const effect =
      found.type === 'blocked' ? 'removes' : present === 'nothing' ? 'sets' : joins ? 'merges' : 'replaces';
    present = shape;
    const { sls, through } = layer;
    writes.push({ effect, sls, source: found.source, value: valueOf(found.node, layer, path), through });
  }
  return writes;
}

type Shape = Node['type'];

/** Strategies that merge maps at every depth; the others replace what stands under a key of the first level. */
const DEEP: ReadonlySet<string> = new Set(['smart', 'recurse', 'none']);

/** Where maps are not merged, a key of the first level takes the whole place of its namesake. */
function replacedAbove({ node, under }: PillarLayer, path: readonly string[]): Found | undefined {
  const [first] = path;
  if (node.type !== 'map') return undefined;
  if (under.length > 0)
    return under[0] === first ? { type: 'blocked', node, source: node.source } : undefined;
  const entry = node.entries.find(({ key }) => printedText(key) === first);
  return entry === undefined ? undefined : { type: 'blocked', node: entry.value, source: entry.key.source };
}

function findIn({ node, under }: PillarLayer, path: readonly string[]): Found | undefined {
  if (under.slice(0, path.length).some((part, index) => part !== path[index])) return undefined;
  // The key lies above the one that the SLS was nested under.
  if (path.length <= under.length) return { type: 'value', node, source: node.source };
  const local = path.slice(under.length);
  if (node.type !== 'map' || local[0] === 'include') return undefined;
  return lookUp(node, local, node.source);
}

function lookUp(node: Node, path: readonly string[], source: SourceRange): Found | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return { type: 'value', node, source };
  if (node.type === 'map') {
    const entry = node.entries.find(({ key }) => printedText(key) === step);
    return entry === undefined ? undefined : lookUp(entry.value, rest, entry.key.source);
  }
  if (node.type === 'list') {
    for (const item of node.items) {
      const inside = item.type === 'map' ? lookUp(item, path, item.source) : undefined;
      if (inside !== undefined) return inside;
    }
    const item = /^-?\d+$/.test(step) ? node.items.at(Number(step)) : undefined;
    if (item !== undefined) return lookUp(item, rest, item.source);
  }
  return { type: 'blocked', node, source };
}

function valueOf(node: Node, { under }: PillarLayer, path: readonly string[]): Json {
  const value = withoutInclude(node, under.length >= path.length);
  return under.slice(path.length).reduceRight<Json>((inner, part) => ({ [part]: inner }), value);
}

/** A whole document says what it includes as well; that is no data. */
function withoutInclude(node: Node, whole: boolean): Json {
  if (!whole || node.type !== 'map') return nodeToJson(node);
  const entries = node.entries.filter(({ key }) => printedText(key) !== 'include');
  return nodeToJson({ type: 'map', entries, source: node.source });
}
