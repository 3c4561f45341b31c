import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { parseTypedTarget } from '../inventory/match-type.ts';
import { couldMatch, matchTarget } from '../inventory/target-match.ts';
import { targetNeeds, type Target } from '../inventory/target.ts';
import { TemplateFailure, type HostFunction } from '../jinja/api.ts';
import type { Host, Inventory } from '../model/inventory.ts';
import type { SourceRange } from '../model/source.ts';
import type { Dict, Value } from '../model/value.ts';
import type { Asking } from './asking.ts';
import type { Divergence } from './divergence.ts';
import { isData } from './functions/data.ts';
import type { Facts, Known, VariablesOf } from './host-variables.ts';
import { deepCopy } from './merge.ts';
import { readMineFunctions, type MineFunction } from './mine-functions.ts';
import { mistake, warning } from './mistake.ts';
import { emptyMine, type KnownHost, type MineOf, type Others } from './others.ts';
import type { PillarCompilation } from './pillar-compiler.ts';

/** What the mine of an environment is dug from. */
interface MineParts {
  readonly inventory: Inventory;
  /** Whether the other revision, where there is one, has the same hosts. */
  readonly sameHosts: boolean;
  readonly divergence: Divergence;
  readonly asking: Asking;
  readonly pillarOf: (host: Host, grains: Facts['grains'], known: Known) => PillarCompilation;
  readonly variablesOf: VariablesOf;
  /** Texts of a pillar that must not be shown. */
  readonly secretsOf: (pillar: PillarCompilation) => readonly string[];
}

/** Whose templates ask, and who is told. */
interface Asker extends KnownHost {
  readonly host: Host;
  readonly others: Others;
  readonly warn: (diagnostic: Diagnostic) => void;
  /** Learns texts of other hosts' pillars that must not be shown. */
  readonly hide: (texts: readonly string[]) => void;
}

/** What one host would have sent to Salt's mine. */
interface Vein {
  readonly pillar: PillarCompilation;
  /** Texts of that pillar that must not be shown. */
  readonly secrets: readonly string[];
  readonly functions: ReadonlyMap<string, MineFunction>;
  readonly facts: Facts;
  readonly salt: ReturnType<VariablesOf>['salt'];
  readonly dug: Map<string, Dug>;
  /** Whether anything that it was made of differs from another revision. */
  diverges: boolean;
}

type Dug = { readonly value: Value } | { readonly problem: string };

/**
 * Answers `mine.get` from the inventory and what other hosts are known by: each value is computed when it is asked for, by
 * the functions that the other host's own templates have.
 */
export function createMine(parts: MineParts): (asker: Asker) => MineOf {
  const { inventory, asking, divergence } = parts;
  const veins = new WeakMap<KnownHost, Vein>();

  const veinOf = (host: Host, other: KnownHost): Vein => {
    const ready = veins.get(other);
    if (ready?.diverges === true) divergence.meet();
    if (ready !== undefined) return ready;
    const known: Known = { answers: other.answers, mine: emptyMine };
    const { value: pillar, met: diverges } = divergence.during(() =>
      parts.pillarOf(host, other.grains, known),
    );
    const facts = { grains: other.grains, pillar: pillar.pillar };
    const functions = readMineFunctions(inventory.salt?.mineFunctions, pillar.pillar);
    const { salt } = parts.variablesOf(host, facts, known);
    const secrets = parts.secretsOf(pillar);
    const vein = { pillar, secrets, functions, facts, salt, dug: new Map<string, Dug>(), diverges };
    // What was made of a guess serves nobody else.
    if (!asking.guessing()) veins.set(other, vein);
    return vein;
  };

  return (asker) => {
    const self: KnownHost = { grains: asker.grains, answers: asker.answers };
    return ({ target: text, type, names, excludeSelf, source }) => {
      if (!parts.sameHosts) divergence.meet();
      const target = parseMineTarget(text, type, { inventory, source });
      const needs = targetNeeds(target);
      const found = new Map(names.map((name) => [name, new Map<Value, Value>()] as const));
      const unknown: string[] = [];
      let absent = 0;
      for (const host of inventory.hosts.values()) {
        const own = host.name === asker.host.name;
        if ((own && excludeSelf) || !couldMatch(target, { host })) continue;
        const other = own ? self : asker.others.find(host);
        if (other === 'unknown') unknown.push(host.name);
        if (other === 'absent') absent += 1;
        if (typeof other === 'string') continue;
        const { grains } = other;
        if (!needs.pillar && !matchTarget(target, { host, grains })) continue;
        const vein = veinOf(host, other);
        if (!matchTarget(target, { host, ...vein.facts })) continue;
        asker.hide(vein.secrets);
        for (const [name, values] of found) {
          const value = take(vein, name, { asker, host, source });
          if (value !== undefined) values.set(host.name, value);
        }
      }
      if (unknown.length > 0) asking.unanswered(`mine.get('${text}')`, source, whoOf(unknown));
      else if (absent === 0) warnOfNothing(found, { text, source, asker });
      return found;
    };
  };

  function take(vein: Vein, name: string, { asker, host, source }: Taking): Value | undefined {
    const broken = vein.pillar.diagnostics.find((each) => each.severity === 'error');
    if (broken !== undefined && broken.code !== 'SLAB2007') {
      without(`the pillar of ${host.name} cannot be compiled: ${broken.summary}`, asker, source);
      return undefined;
    }
    const wanted = vein.functions.get(name);
    if (wanted === undefined || !isAllowed(wanted, asker, { inventory, source })) return undefined;
    const known = vein.dug.get(name);
    const { value: dug, met } = divergence.during(() => known ?? dig(vein, wanted, source));
    vein.diverges ||= met;
    if (known === undefined && !asking.guessing()) vein.dug.set(name, dug);
    if ('value' in dug) return deepCopy(dug.value);
    without(`${host.name}: ${dug.problem}`, asker, source);
    return undefined;
  }
}

/** Hosts that nobody asked, the first of them by name. */
function whoOf(hosts: readonly string[]): { readonly asks: string; readonly was: string } {
  const [first = ''] = hosts;
  const more = hosts.length - 1;
  return {
    asks: 'other hosts',
    was: more === 0 ? `${first} was not` : `${first} and ${more} more were not`,
  };
}

interface Taking {
  readonly asker: Asker;
  readonly host: Host;
  readonly source: SourceRange;
}

/** Calls a function of the mine as a template of its host would. */
function dig({ salt }: Vein, { calls, args, kwargs }: MineFunction, source: SourceRange): Dug {
  const callee = salt.member(calls, source) as HostFunction | undefined;
  if (callee === undefined) return { problem: `mine_functions names ${calls}, which slab does not provide` };
  try {
    const value = callee.call({ args, kwargs, source });
    return isData(value) ? { value } : { problem: `${calls} gives no data` };
  } catch (error) {
    if (!(error instanceof TemplateFailure)) throw error;
    return { problem: error.diagnostic.summary };
  }
}

/** Whether the mine of a host lets the one that asks have a value: `allow_tgt`. */
function isAllowed({ allowed }: MineFunction, asker: Asker, place: TargetPlace): boolean {
  if (allowed === undefined) return true;
  const { host, grains } = asker;
  return matchTarget(parseMineTarget(allowed.target, allowed.type, place), { host, grains });
}

interface TargetPlace {
  readonly inventory: Inventory;
  readonly source: SourceRange;
}

function parseMineTarget(text: string, type: string, { inventory, source }: TargetPlace): Target {
  const { nodegroups } = inventory;
  // Salt's mine takes pillar for what it is, without globs, so that nobody finds out values by trying.
  const exact = type === 'pillar' ? 'pillar_exact' : type;
  const { value, diagnostics } = parseTypedTarget({ type: exact, expression: text, nodegroups, source });
  const [first] = diagnostics;
  if (value !== undefined) return value;
  throw new TemplateFailure(first ?? mistake('SLAB2004', `mine.get: ${text} is no target`, source));
}

function without(why: string, { warn }: Asker, source: SourceRange): void {
  warn(warning('SLAB2004', 'mine.get goes without the value of a host', source, { why }));
}

/** A name that no host has is a slip more often than not; Salt gives an empty dict without a word. */
function warnOfNothing(
  found: ReadonlyMap<string, Dict>,
  { text, source, asker }: { readonly text: string; readonly source: SourceRange; readonly asker: Asker },
): void {
  for (const [name, values] of found) {
    if (values.size > 0) continue;
    asker.warn(
      warning('SLAB2004', `mine.get: no host of "${text}" has ${name} in its mine`, source, {
        why: 'the answer is empty, as in Salt',
        fix: `add ${name} to mine_functions in the pillar of those hosts, or under salt in the inventory`,
      }),
    );
  }
}
