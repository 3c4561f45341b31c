import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { Passage } from '../model/explanation.ts';
import type { Node } from '../model/node.ts';
import type { SaltOptions } from '../model/salt-options.ts';
import type { SourceRange } from '../model/source.ts';
import type { Dict, Value } from '../model/value.ts';
import type { IncludeChain } from './include-chain.ts';
import { chainThrough, includedFrom } from './include-chain.ts';
import { deepCopy, mergeDicts } from './merge.ts';
import { mistake } from './mistake.ts';
import { isNull, kindOf } from './node-shape.ts';
import type { Defaults, PillarInclude } from './pillar-include.ts';
import { readPillarIncludes } from './pillar-include.ts';
import type { SlsDocument } from './renderer.ts';
import type { RootFile } from './roots.ts';
import { orderedValue } from './shared-value.ts';
import { UNREADABLE, type SlsNames } from './sls-name.ts';
import type { TopTarget } from './top.ts';
import { dict, isDict } from './traverse.ts';

/** One saltenv of the pillar. */
export interface PillarSource {
  readonly names: SlsNames;
  /** Renders one pillar SLS for the host at hand, with extra variables. */
  readonly render: (sls: string, file: RootFile, extra: Defaults) => SlsDocument;
}

/** What one SLS gave to a pillar, for explaining where a value came from. */
export interface PillarLayer {
  readonly sls: string;
  readonly node: Node;
  /** Keys that an include put around it. */
  readonly under: readonly string[];
  /** From the top file to the include that brought it in. */
  readonly through: readonly Passage[];
}

/** Data with the SLS that gave it. */
interface Data {
  readonly data: Dict;
  readonly layers: readonly PillarLayer[];
}

/** What a pillar is made from. */
export interface PillarInput {
  /** The targets that mean the host, by saltenv in the order in which the saltenvs are merged. */
  readonly targets: readonly TopTarget[];
  /** SLS that may be missing, as `saltenv:name`. */
  readonly ignored: ReadonlySet<string>;
  /** Undefined where the saltenv has no roots. */
  readonly source: (saltenv: string) => PillarSource | undefined;
  readonly options: SaltOptions;
  /** What the command line gives: the first to be merged, and merged over everything again at the end. */
  readonly start?: Dict;
}

/** A pillar and what is wrong with it; incomplete when there are errors. */
export interface MergedPillar {
  readonly pillar: Dict;
  /** What was merged, in order. */
  readonly layers: readonly PillarLayer[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Merges the pillar SLS of the targets that matched, saltenv by saltenv, by their `order`, then as written; later ones
 * win (salt/pillar: Pillar.render_pillar). What an SLS includes is merged before it, so the SLS itself wins, unless
 * `pillar_includes_override_sls` turns that round.
 */
export function mergePillar({ targets, ignored, source, options, start }: PillarInput): MergedPillar {
  const diagnostics: Diagnostic[] = [];
  const chains = new Map<string, IncludeChain>();
  const merge = (first: Dict, second: Dict): Dict =>
    mergeDicts(first, second, options.pillarSourceMergingStrategy, options.pillarMergeLists);

  let pillar: Dict = start === undefined ? new Map<Value, Value>() : deepCopy(start);
  const layers: PillarLayer[] = [];
  for (const saltenv of new Set(targets.map((target) => target.saltenv))) {
    const tree = source(saltenv);
    if (tree === undefined) continue;
    const reader = new EnvironmentReader({ saltenv, tree, ignored, options, merge, diagnostics, chains });
    const asked = new Map<string, Passage>();
    const inOrder = targets.filter((target) => target.saltenv === saltenv);
    for (const target of inOrder.toSorted((a, b) => a.order - b.order))
      for (const { name, source: place = target.source } of target.sls)
        if (!asked.has(name)) asked.set(name, { source: place, words: `the target '${target.expression}'` });
    for (const [pattern, { source: place, words }] of asked)
      for (const name of tree.names.expand(pattern)) {
        const found = reader.read(name, place, [], new Map());
        if (found === undefined) continue;
        pillar = merge(pillar, found.data);
        for (const each of throughAll(found.layers, { source: place, words: `${words} gets ${name}` }))
          layers.push(each);
      }
  }
  if (start !== undefined) {
    pillar = merge(pillar, deepCopy(start));
    layers.push({ sls: 'the command line', node: commandLineNode(start), under: [], through: [] });
  }
  return { pillar, layers, diagnostics: diagnostics.map((each) => includedFrom(each, chains)) };
}

interface EnvironmentInput extends Pick<PillarInput, 'ignored' | 'options'> {
  readonly saltenv: string;
  readonly tree: PillarSource;
  readonly merge: (first: Dict, second: Dict) => Dict;
  readonly diagnostics: Diagnostic[];
  readonly chains: Map<string, IncludeChain>;
}

/** Reads the SLS of one saltenv (salt/pillar: Pillar.render_pstate). */
class EnvironmentReader {
  readonly #input: EnvironmentInput;
  /** What each SLS says itself. One that is included a second time adds this alone, without its includes. */
  readonly #own = new Map<string, Data>();
  readonly #reported = new Set<string>();

  constructor(input: EnvironmentInput) {
    this.#input = input;
  }

  /** The data of an SLS with what it includes; undefined when there is no such SLS. */
  read(name: string, place: SourceRange, chain: IncludeChain, defaults: Defaults): Data | undefined {
    const { tree, merge, options, chains } = this.#input;
    const file = tree.names.find(name);
    if (file === undefined) {
      this.#reportMissing(name, place);
      return undefined;
    }
    if (!chains.has(file.file)) chains.set(file.file, chain);
    const found: Diagnostic[] = [];
    const document = tree.render(name, file, defaults);
    for (const each of document.diagnostics) found.push(each);
    const { node } = document;
    const own: Data = {
      data: readData(node, name, found),
      layers: node === undefined ? [] : [{ sls: name, node, under: [], through: [] }],
    };
    this.#own.set(name, own);
    const includes = readPillarIncludes(document.node, name, file, found);
    if (!this.#reported.has(name)) for (const each of found) this.#input.diagnostics.push(each);
    this.#reported.add(name);

    const included: Data[] = [];
    let inherited = defaults;
    for (const include of includes) {
      // A bare name gets what the entry before it got, and that of the SLS that includes this one: as in Salt.
      inherited = include.defaults ?? inherited;
      for (const each of tree.names.expand(include.name)) {
        const data =
          this.#own.get(each) ??
          this.read(each, include.source, chainThrough(include.source, chain), inherited);
        if (data !== undefined && data.data.size > 0)
          included.push(brought(data, include, `${name} includes ${each}`));
      }
    }
    const all = options.pillarIncludesOverrideSls ? [own, ...included] : [...included, own];
    return { data: all.map((each) => each.data).reduce(merge), layers: all.flatMap((each) => each.layers) };
  }

  #reportMissing(name: string, place: SourceRange): void {
    const { saltenv, tree, ignored, diagnostics } = this.#input;
    if (ignored.has(`${saltenv}:${name}`)) return;
    if (tree.names.all.includes(name)) {
      diagnostics.push(mistake('SLAB2011', `pillar SLS ${name} cannot be read`, place, UNREADABLE));
      return;
    }
    const path = name.replaceAll('.', '/');
    const where = saltenv === 'base' ? 'the pillar' : `the pillar of saltenv ${saltenv}`;
    diagnostics.push(
      mistake('SLAB2011', `there is no pillar SLS ${name}`, place, {
        why: `neither ${path}.sls nor ${path}/init.sls is in ${where}`,
        fix:
          didYouMean(name, tree.names.all) ?? 'create it, or write "- ignore_missing: true" below the target',
      }),
    );
  }
}

function readData(node: Node | undefined, sls: string, diagnostics: Diagnostic[]): Dict {
  if (node === undefined || isNull(node)) return new Map();
  const value = orderedValue(node);
  if (!isDict(value)) {
    diagnostics.push(
      mistake('SLAB2020', `pillar SLS ${sls} is ${kindOf(node)}, not a mapping`, node.source, {
        fix: 'write keys and values',
      }),
    );
    return new Map();
  }
  value.delete('include');
  return value;
}

/** Data of the command line, all of it at one place. */
function commandLineNode(value: Value): Node {
  const source = { file: '--pillar-data', line: 1, column: 1 };
  if (Array.isArray(value)) return { type: 'list', items: value.map(commandLineNode), source };
  if (!isDict(value)) return { type: 'scalar', value, source };
  const entries = [...value].map(([key, inner]) => ({
    key: commandLineNode(key),
    value: commandLineNode(inner),
  }));
  return { type: 'map', entries, source };
}

/** What an include gives: under its key, and with the way it came. */
function brought({ data, layers }: Data, { key, source, defaults }: PillarInclude, words: string): Data {
  const given =
    defaults === undefined || defaults.size === 0
      ? ''
      : ` with defaults for ${[...defaults.keys()].join(', ')}`;
  const under = key === undefined || key === '' ? [] : key.split(':');
  return {
    data: nest(data, key),
    layers: throughAll(layers, { source, words: `${words}${given}` }).map((layer) => ({
      ...layer,
      under: [...under, ...layer.under],
    })),
  };
}

function throughAll(layers: readonly PillarLayer[], passage: Passage): readonly PillarLayer[] {
  return layers.map((layer) => ({ ...layer, through: [passage, ...layer.through] }));
}

function nest(data: Dict, key: string | undefined): Dict {
  if (key === undefined || key === '') return data;
  return key.split(':').reduceRight((inner, part) => dict([[part, inner]]), deepCopy(data));
}
