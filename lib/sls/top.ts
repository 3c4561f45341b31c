import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Node } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { Wanted } from './load.ts';
import { mistake, warning } from './mistake.ts';
import { isNull, kindOf, namedEntries, textOf } from './node-shape.ts';

/** One target of a top file with the SLS it gets. */
export interface TopTarget {
  readonly expression: string;
  /** Where the target is written. */
  readonly source: SourceRange;
  /** Salt's matcher: `compound`, `glob`, `grain` … */
  readonly matcher: string;
  readonly sls: readonly Wanted[];
  /** Pillar tops sort by it; 0 where it is not written. */
  readonly order: number;
  readonly ignoreMissing: boolean;
}

/** A top file. */
export interface TopFile {
  readonly targets: readonly TopTarget[];
  readonly includes: readonly Wanted[];
}

/** The section of a top file that counts; slab has no other environments. */
const SECTION = 'base';

/** Reads a rendered top file; the value is there even with errors. */
export function readTop(document: Node | undefined): Required<Checked<TopFile>> {
  const targets: TopTarget[] = [];
  const includes: Wanted[] = [];
  const diagnostics: Diagnostic[] = [];
  const value: TopFile = { targets, includes };
  if (document === undefined || isNull(document)) return { value, diagnostics };
  if (document.type !== 'map') {
    diagnostics.push(notAMap('the top file', document));
    return { value, diagnostics };
  }
  for (const section of namedEntries(document)) {
    if (section.name === 'include') includes.push(...readIncludes(section.value, diagnostics));
    else if (section.name !== SECTION)
      diagnostics.push(
        warning('SLAB2010', `the section ${section.name} of the top file is not used`, section.source, {
          why: 'slab has one environment for states, "base"; inventories tell environments apart',
          fix: `move its targets to ${SECTION}`,
        }),
      );
    else if (section.value.type !== 'map') {
      if (!isNull(section.value)) diagnostics.push(notAMap(`the section ${SECTION}`, section.value));
    } else
      for (const entry of namedEntries(section.value))
        targets.push(readTarget(entry.name, entry.source, entry.value, diagnostics));
  }
  return { value, diagnostics };
}

/** A top file with those it includes: a target that both have keeps its place and takes the included SLS, as in Salt. */
export function mergeTops(tops: readonly TopFile[]): readonly TopTarget[] {
  const merged = new Map<string, TopTarget>();
  for (const top of tops) for (const target of top.targets) merged.set(target.expression, target);
  return [...merged.values()];
}

function readTarget(
  expression: string,
  source: SourceRange,
  body: Node,
  diagnostics: Diagnostic[],
): TopTarget {
  const sls: Wanted[] = [];
  const options = new Map<string, Node>();
  if (body.type === 'list')
    for (const item of body.items) {
      const name = textOf(item);
      if (name !== undefined) sls.push({ name, source: item.source });
      else if (item.type === 'map')
        for (const entry of namedEntries(item)) options.set(entry.name, entry.value);
      else
        diagnostics.push(
          mistake('SLAB2010', `an entry of target ${expression} is ${kindOf(item)}`, item.source),
        );
    }
  else
    diagnostics.push(
      mistake('SLAB2010', `target ${expression} holds ${kindOf(body)}, not a list of SLS`, source, {
        fix: 'write each SLS below it, after "- "',
      }),
    );
  const order = options.get('order');
  const ignore = options.get('ignore_missing');
  return {
    expression,
    source,
    matcher: textOf(options.get('match')) ?? 'compound',
    sls,
    order: order?.type === 'scalar' && typeof order.value === 'number' ? order.value : 0,
    ignoreMissing: ignore?.type === 'scalar' && ignore.value === true,
  };
}

function readIncludes(node: Node, diagnostics: Diagnostic[]): Wanted[] {
  if (node.type !== 'list') {
    diagnostics.push(mistake('SLAB2010', `include is ${kindOf(node)}, not a list`, node.source));
    return [];
  }
  return node.items.flatMap((item) => {
    const name = textOf(item);
    return name === undefined ? [] : [{ name, source: item.source }];
  });
}

function notAMap(what: string, node: Node): Diagnostic {
  return mistake('SLAB2010', `${what} is ${kindOf(node)}, not a mapping`, node.source, {
    fix: 'write "base:", below it targets such as "\'*\':", and below each a list of SLS',
  });
}
