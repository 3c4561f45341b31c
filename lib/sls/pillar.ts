import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { HostValue } from '../jinja/api.ts';
import type { Node } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { Dict, Value } from '../model/value.ts';
import { orderedValue } from './shared-value.ts';
import { deepCopy, mergeDicts } from './merge.ts';
import { mistake } from './mistake.ts';
import { isNull, kindOf, namedEntries, textOf, valueAt } from './node-shape.ts';
import type { SlsDocument } from './renderer.ts';
import type { RootFile } from './roots.ts';
import type { SlsNames } from './sls-name.ts';
import { absoluteName } from './sls-name.ts';
import type { TopTarget } from './top.ts';
import { dict, isDict } from './traverse.ts';

/** Renders one pillar SLS for the host at hand, with extra variables. */
export type RenderPillar = (
  sls: string,
  file: RootFile,
  extra: ReadonlyMap<string, HostValue>,
) => SlsDocument;

/** A pillar and what is wrong with it; incomplete when there are errors. */
export interface MergedPillar {
  readonly pillar: Dict;
  readonly diagnostics: readonly Diagnostic[];
}

/** One entry of `include`: a name or glob, variables for it, and the key its data goes under. */
interface PillarInclude {
  readonly name: string;
  readonly source: SourceRange;
  readonly variables: ReadonlyMap<string, HostValue>;
  readonly key: string | undefined;
}

/**
 * Merges the pillar SLS of the targets that matched, by their `order`, then as written; later ones win. What an SLS
 * includes is merged before it, so the SLS itself wins.
 */
export function mergePillar(
  matched: readonly TopTarget[],
  names: SlsNames,
  render: RenderPillar,
): MergedPillar {
  const diagnostics: Diagnostic[] = [];
  const rendered = new Map<string, Dict>();

  const load = (
    name: string,
    source: SourceRange,
    extra: ReadonlyMap<string, HostValue>,
  ): Dict | undefined => {
    const known = rendered.get(name);
    if (known !== undefined) return known;
    const file = names.find(name);
    if (file === undefined) {
      diagnostics.push(missing(name, source, names));
      return undefined;
    }
    // An SLS that includes itself, by whatever detour, adds nothing to itself.
    rendered.set(name, new Map());
    const document = render(name, file, extra);
    diagnostics.push(...document.diagnostics);
    const data = readData(document.node, name, diagnostics);
    const includes = readIncludes(document.node, name, file, diagnostics);
    const included = includes.flatMap((entry) =>
      names.expand(entry.name).flatMap((each) => {
        const found = load(each, entry.source, entry.variables);
        return found === undefined ? [] : [nest(found, entry.key)];
      }),
    );
    const whole = [...included, data].reduce(merge);
    rendered.set(name, whole);
    return whole;
  };

  let pillar: Dict = new Map();
  for (const target of matched.toSorted((a, b) => a.order - b.order))
    for (const wanted of target.sls)
      for (const name of names.expand(wanted.name)) {
        if (target.ignoreMissing && names.find(name) === undefined) continue;
        const found = load(name, wanted.source ?? target.source, new Map());
        if (found !== undefined) pillar = merge(pillar, found);
      }
  return { pillar, diagnostics };
}

function merge(first: Dict, second: Dict): Dict {
  return mergeDicts(first, second, 'smart');
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

function readIncludes(
  node: Node | undefined,
  sls: string,
  file: RootFile,
  diagnostics: Diagnostic[],
): PillarInclude[] {
  const include = node === undefined ? undefined : valueAt(node, 'include');
  if (include === undefined) return [];
  if (include.type !== 'list') {
    diagnostics.push(mistake('SLAB2020', `include is ${kindOf(include)}, not a list`, include.source));
    return [];
  }
  return include.items.flatMap((item): PillarInclude[] => {
    const [entry] = item.type === 'map' ? namedEntries(item) : [];
    const written = entry?.name ?? textOf(item);
    const name = written === undefined ? undefined : absoluteName(written, sls, file.path);
    if (name === undefined) {
      const summary =
        written === undefined
          ? `an entry of include is ${kindOf(item)}, not the name of an SLS`
          : `include ${written} leads beyond the top of the tree`;
      diagnostics.push(mistake('SLAB2020', summary, item.source));
      return [];
    }
    const settings = entry?.value;
    const defaults = settings === undefined ? undefined : valueAt(settings, 'defaults');
    const key = settings === undefined ? undefined : textOf(valueAt(settings, 'key'));
    const variables = defaults?.type === 'map' ? namedEntries(defaults) : [];
    const values = variables.map((variable): [string, Value] => [
      variable.name,
      orderedValue(variable.value),
    ]);
    return [{ name, source: item.source, variables: new Map(values), key }];
  });
}

function nest(data: Dict, key: string | undefined): Dict {
  if (key === undefined) return data;
  return key.split(':').reduceRight((inner, part) => dict([[part, inner]]), deepCopy(data));
}

function missing(name: string, source: SourceRange, names: SlsNames): Diagnostic {
  const path = name.replaceAll('.', '/');
  return mistake('SLAB2011', `there is no pillar SLS ${name}`, source, {
    why: `neither ${path}.sls nor ${path}/init.sls is in the pillar`,
    fix: didYouMean(name, names.all) ?? 'create it, or write "- ignore_missing: true" below the target',
  });
}
