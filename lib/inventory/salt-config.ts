import type { Checked } from '../diagnostics/diagnostic.ts';
import type { MapNode, Node } from '../model/node.ts';
import type { SaltOptions } from '../model/salt-options.ts';
import { parseYaml } from '../yaml/parse.ts';
import { readNodegroups } from './declaration.ts';
import { mergeStrategies, readSaltOptions, saltOptionKeys } from './salt-options.ts';
import { ShapeReader } from './shape.ts';

/** What a configuration file of Salt says of compiling. */
export interface SaltConfig {
  readonly salt: SaltOptions;
  readonly nodegroups: ReadonlyMap<string, string>;
}

type Entry = MapNode['entries'][number];

/**
 * Reads a configuration file of Salt's master or minion: the options that an inventory has under `salt`, and nodegroups;
 * below `opts` too. Whatever else is in it has no effect here, which is a warning.
 */
export function parseSaltConfig(input: {
  readonly file: string;
  readonly text: string;
}): Checked<SaltConfig> {
  const { value: root, diagnostics } = parseYaml(input.text, { file: input.file });
  if (root === undefined) return { diagnostics };
  const reader = new ShapeReader();
  if (root.type !== 'map') {
    reader.complain(root.source, 'the configuration has to be a mapping', { fix: 'write option: value' });
    return { diagnostics: reader.diagnostics };
  }
  const entries = root.entries.flatMap((entry) =>
    keyOf(entry) === 'opts' && entry.value.type === 'map' ? entry.value.entries : [entry],
  );
  const known = entries.filter((entry) => saltOptionKeys.some((key) => key === keyOf(entry)));
  const groups = entries.find((entry) => keyOf(entry) === 'nodegroups');
  const left = entries.filter((entry) => entry !== groups && !known.includes(entry));
  const [first] = left;
  if (first !== undefined)
    reader.complain(
      first.key.source,
      `of the configuration this has no effect: ${left.map(keyOf).join(', ')}`,
      {
        why: `what is compiled depends on ${saltOptionKeys.join(', ')} and nodegroups`,
        severity: 'warning',
      },
    );
  const salt = readSaltOptions(reader, { ...root, entries: known.map((entry) => orRecurse(entry, reader)) });
  const nodegroups = readNodegroups(reader, groups?.value);
  const failed = reader.diagnostics.some(({ severity }) => severity === 'error');
  return {
    ...(failed
      ? {}
      : { value: { salt, nodegroups: new Map([...nodegroups].map(([name, { value }]) => [name, value])) } }),
    diagnostics: reader.diagnostics,
  };
}

/** Salt takes a strategy that it does not know for `recurse`. */
function orRecurse(entry: Entry, reader: ShapeReader): Entry {
  const { value } = entry;
  if (keyOf(entry) !== 'pillar_source_merging_strategy' || value.type !== 'scalar') return entry;
  if (mergeStrategies.some((strategy) => strategy === value.value)) return entry;
  reader.complain(value.source, `there is no pillar_source_merging_strategy ${JSON.stringify(value.value)}`, {
    why: 'Salt then merges as recurse does, and so does this',
    fix: `write one of ${mergeStrategies.join(', ')}`,
    severity: 'warning',
  });
  const recurse: Node = { ...value, value: 'recurse' };
  return { ...entry, value: recurse };
}

function keyOf({ key }: Entry): string {
  return key.type === 'scalar' && typeof key.value === 'string' ? key.value : '';
}
