import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { HostValue } from '../jinja/api.ts';
import type { Node } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import type { Value } from '../model/value.ts';
import { mistake } from './mistake.ts';
import { kindOf, namedEntries, printedText, textOf, valueAt } from './node-shape.ts';
import type { RootFile } from './roots.ts';
import { orderedValue } from './shared-value.ts';
import { absoluteName } from './sls-name.ts';

/** Variables that an include hands to what it includes. */
export type Defaults = ReadonlyMap<string, HostValue>;

/** One entry of `include` in a pillar SLS: a name or glob, variables for it, and the key its data goes under. */
export interface PillarInclude {
  readonly name: string;
  readonly source: SourceRange;
  /** Undefined where the entry is a bare name. */
  readonly defaults: Defaults | undefined;
  readonly key: string | undefined;
}

/** Reads the `include` of a pillar SLS; mistakes are left in `diagnostics`. */
export function readPillarIncludes(
  node: Node | undefined,
  sls: string,
  file: RootFile,
  diagnostics: Diagnostic[],
): readonly PillarInclude[] {
  const include = node === undefined ? undefined : valueAt(node, 'include');
  if (include === undefined) return [];
  if (include.type !== 'list') {
    diagnostics.push(
      mistake('SLAB2020', `include is ${kindOf(include)}, not a list`, include.source, {
        fix: 'write each name on its own line, after "- "',
      }),
    );
    return [];
  }
  return include.items.flatMap((item): PillarInclude[] => {
    const [entry] = item.type === 'map' ? namedEntries(item) : [];
    const written = entry?.name ?? textOf(item);
    const name =
      written === undefined ? undefined : absoluteName(written.replaceAll('/', '.'), sls, file.path);
    if (name === undefined) {
      diagnostics.push(badName(item, written));
      return [];
    }
    if (entry === undefined) return [{ name, source: item.source, defaults: undefined, key: undefined }];
    return [{ name, source: item.source, ...readSettings(entry.value, diagnostics) }];
  });
}

function badName(item: Node, written: string | undefined): Diagnostic {
  if (written === undefined)
    return mistake(
      'SLAB2020',
      `an entry of include is ${kindOf(item)}, not the name of an SLS`,
      item.source,
      {
        fix: 'write the name of a pillar SLS',
      },
    );
  return mistake('SLAB2020', `include ${written} leads beyond the top of the tree`, item.source, {
    why: 'one dot is the folder of this SLS, each more dot one folder up',
    fix: 'write the full name of the SLS',
  });
}

const SETTINGS = new Set(['defaults', 'key']);

function readSettings(
  settings: Node,
  diagnostics: Diagnostic[],
): { readonly defaults: Defaults; readonly key: string | undefined } {
  const wrong = (node: Node, summary: string): void => {
    diagnostics.push(
      mistake('SLAB2020', summary, node.source, {
        fix: 'an include takes "defaults", a mapping of variables, and "key", where its data goes: a:b',
      }),
    );
  };
  if (settings.type !== 'map')
    wrong(settings, `the settings of an include are ${kindOf(settings)}, not a mapping`);
  else
    for (const { key } of settings.entries)
      if (!SETTINGS.has(printedText(key) ?? ''))
        wrong(key, `an include has no setting ${printedText(key) ?? kindOf(key)}`);
  const defaults = valueAt(settings, 'defaults');
  if (defaults !== undefined && defaults.type !== 'map')
    wrong(defaults, `defaults is ${kindOf(defaults)}, not a mapping`);
  const key = valueAt(settings, 'key');
  const keyText = key === undefined ? undefined : textOf(key);
  if (key !== undefined && keyText === undefined && !(key.type === 'scalar' && key.value === null))
    wrong(key, `key is ${kindOf(key)}, not text`);
  const variables = defaults?.type === 'map' ? namedEntries(defaults) : [];
  const values = variables.map(({ name, value }): [string, Value] => [name, orderedValue(value)]);
  return { defaults: new Map(values), key: keyText };
}
