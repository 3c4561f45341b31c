import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { Node } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { Wanted } from './wanted.ts';
import { mistake, warning } from './mistake.ts';
import type { NamedEntry } from './node-shape.ts';
import { isNull, kindOf, namedEntries, textOf } from './node-shape.ts';

/** One target of a top file with the SLS it gets. */
export interface TopTarget {
  /** The section it stands in, and where that begins. */
  readonly saltenv: string;
  readonly section: SourceRange;
  readonly expression: string;
  /** Where the target is written. */
  readonly source: SourceRange;
  /** Salt's matcher: `compound`, `glob`, `grain` … */
  readonly matcher: string;
  /** Where the matcher is written; undefined where none is. */
  readonly matcherSource: SourceRange | undefined;
  /** Those of another saltenv than the section's say so. */
  readonly sls: readonly Wanted[];
  /** Targets inside this one (`subfilter`), each with the number of `sls` that come before what it gives. */
  readonly subfilters: readonly { readonly at: number; readonly target: TopTarget }[];
  /** Pillar tops sort by it; 0 where it is not written. */
  readonly order: number;
  readonly ignoreMissing: boolean;
}

/** One section of a top file: the targets of a saltenv. */
export interface TopSection {
  readonly saltenv: string;
  readonly source: SourceRange;
  readonly targets: readonly TopTarget[];
}

/** A top file. */
export interface TopFile {
  readonly sections: readonly TopSection[];
  readonly includes: readonly Wanted[];
}

/** Reads a rendered top file; the value is there even with errors. */
export function readTop(document: Node | undefined, saltenvs: readonly string[]): Required<Checked<TopFile>> {
  const sections: TopSection[] = [];
  const includes: Wanted[] = [];
  const diagnostics: Diagnostic[] = [];
  const value: TopFile = { sections, includes };
  if (document === undefined || isNull(document)) return { value, diagnostics };
  if (document.type !== 'map') {
    diagnostics.push(notAMap('the top file', document));
    return { value, diagnostics };
  }
  for (const { name, source, value: body } of namedEntries(document)) {
    if (name === 'include') for (const each of readIncludes(body, diagnostics)) includes.push(each);
    else if (body.type !== 'map') {
      if (!isNull(body))
        diagnostics.push(notAMap(`the section ${name}`, body, isSaltenv(name) ? body.source : source));
    } else {
      const context: Section = { saltenv: name, section: source, saltenvs, diagnostics };
      sections.push({
        saltenv: name,
        source,
        targets: namedEntries(body).map((entry) => readTarget(entry, context)),
      });
    }
  }
  return { value, diagnostics };
}

interface Section {
  readonly saltenv: string;
  readonly section: SourceRange;
  readonly saltenvs: readonly string[];
  readonly diagnostics: Diagnostic[];
}

/** What may stand in the list of a target beside SLS. */
const OPTIONS: readonly string[] = ['match', 'order', 'ignore_missing', 'subfilter'];

function readTarget({ name: expression, source, value: body }: NamedEntry, context: Section): TopTarget {
  const { saltenv, section, diagnostics } = context;
  const sls: Wanted[] = [];
  const subfilters: { at: number; target: TopTarget }[] = [];
  const options = new Map<string, Node>();
  const readOption = (entry: NamedEntry): void => {
    if (entry.name === 'subfilter' && entry.value.type === 'map')
      for (const inner of namedEntries(entry.value))
        subfilters.push({ at: sls.length, target: readTarget(inner, context) });
    else if (OPTIONS.includes(entry.name)) options.set(entry.name, entry.value);
    else {
      // `- dev: name` takes an SLS out of another saltenv.
      const name = textOf(entry.value);
      if (name !== undefined && context.saltenvs.includes(entry.name))
        sls.push({ name, source: entry.value.source, saltenv: entry.name });
      else diagnostics.push(unknownOption(entry, expression, context.saltenvs));
    }
  };
  if (body.type === 'list')
    for (const item of body.items) {
      const name = textOf(item);
      if (name !== undefined) sls.push({ name, source: item.source });
      else if (item.type === 'map') namedEntries(item).forEach(readOption);
      else
        diagnostics.push(
          mistake('SLAB2010', `an entry of target ${expression} is ${kindOf(item)}`, item.source, {
            fix: 'write the name of an SLS, in quotes if it looks like a number',
          }),
        );
    }
  else
    diagnostics.push(
      mistake(
        'SLAB2010',
        `target ${expression} holds ${kindOf(body)}, not a list of SLS`,
        isNull(body) ? source : body.source,
        { fix: 'write each SLS below it, after "- "' },
      ),
    );
  const ignore = options.get('ignore_missing');
  return {
    saltenv,
    section,
    expression,
    source,
    matcher: textOf(options.get('match')) ?? 'compound',
    matcherSource: options.get('match')?.source,
    sls,
    subfilters,
    order: orderOf(options.get('order')),
    ignoreMissing: ignore?.type === 'scalar' && ignore.value === true,
  };
}

/** Salt takes text that holds a number too, and 0 for everything else. */
function orderOf(node: Node | undefined): number {
  if (node?.type !== 'scalar') return 0;
  if (typeof node.value === 'number') return node.value;
  return typeof node.value === 'string' && /^\s*[-+]?\d+\s*$/.test(node.value) ? Number(node.value) : 0;
}

function unknownOption(
  { name, source }: NamedEntry,
  target: string,
  saltenvs: readonly string[],
): Diagnostic {
  return warning('SLAB2010', `${name} in target ${target} is neither an option nor a saltenv`, source, {
    why: 'it is passed over, as in Salt',
    fix: didYouMean(name, [...OPTIONS, ...saltenvs]) ?? `the options are ${OPTIONS.join(', ')}`,
  });
}

function readIncludes(node: Node, diagnostics: Diagnostic[]): Wanted[] {
  if (node.type !== 'list') {
    diagnostics.push(
      mistake('SLAB2010', `include is ${kindOf(node)}, not a list`, node.source, {
        fix: 'write each top file on its own line, after "- "',
      }),
    );
    return [];
  }
  return node.items.flatMap((item) => {
    const name = textOf(item);
    return name === undefined ? [] : [{ name, source: item.source }];
  });
}

/** What cannot be a saltenv is a target that stands a level too high. */
function isSaltenv(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

function notAMap(what: string, node: Node, place: SourceRange = node.source): Diagnostic {
  return mistake('SLAB2010', `${what} is ${kindOf(node)}, not a mapping`, place, {
    fix: 'write "base:", below it targets such as "\'*\':", and below each a list of SLS',
  });
}
