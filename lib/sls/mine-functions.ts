import type { Dict, Value } from '../model/value.ts';
import { printScalar } from './print-scalar.ts';
import { isDict } from './traverse.ts';

/** What a host puts into the mine under one name. */
export interface MineFunction {
  /** The execution function: the name itself unless `mine_function` says otherwise. */
  readonly calls: string;
  readonly args: readonly Value[];
  readonly kwargs: ReadonlyMap<string, Value>;
  /** Who may have it (`allow_tgt`); undefined: everybody. */
  readonly allowed?: { readonly target: string; readonly type: string };
}

const OWN = new Set(['mine_function', 'allow_tgt', 'allow_tgt_type']);

/** The `mine_functions` of a host by name: those of its configuration, then those of its pillar (`config.merge`). */
export function readMineFunctions(
  configured: Dict | undefined,
  pillar: Dict,
): ReadonlyMap<string, MineFunction> {
  const written = [...namesIn(pillar.get('mine_functions')), ...namesIn(configured)];
  return new Map(written.map(([name, definition]) => [name, readDefinition(name, definition)]));
}

/** A mapping; or, beyond Salt, a list of names and of mappings. */
function namesIn(value: Value | undefined): readonly (readonly [string, Value])[] {
  if (isDict(value)) return [...value].map(([key, each]) => [printScalar(key) ?? '', each] as const);
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => (typeof item === 'string' ? [[item, null] as const] : namesIn(item)));
}

/** Arguments as a list of values and mappings, or as one mapping (Salt: utils/mine.py, parse_function_definition). */
function readDefinition(name: string, definition: Value): MineFunction {
  const items = Array.isArray(definition) ? definition : isDict(definition) ? [definition] : [];
  const named = new Map(
    items.filter(isDict).flatMap((item) => [...item].map(([key, value]) => [printScalar(key) ?? '', value])),
  ) as ReadonlyMap<string, Value>;
  const target = named.get('allow_tgt');
  const type = named.get('allow_tgt_type');
  const calls = named.get('mine_function');
  return {
    calls: typeof calls === 'string' ? calls : name,
    args: items.filter((item) => !isDict(item)),
    kwargs: new Map([...named].filter(([key]) => !OWN.has(key))),
    ...(typeof target === 'string' && target !== ''
      ? { allowed: { target, type: typeof type === 'string' ? type : 'glob' } }
      : {}),
  };
}
