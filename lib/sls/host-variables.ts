import type { HostFunction } from '../jinja/api.ts';
import { hostFunction } from '../jinja/host.ts';
import type { Host } from '../model/inventory.ts';
import type { SaltOptions } from '../model/salt-options.ts';
import type { Dict, Grains } from '../model/value.ts';
import type { Answers } from '../questions/index.ts';
import type { Asking } from './asking.ts';
import { askingFunctions } from './functions/ask-host.ts';
import { provideFunctions } from './functions/provide.ts';
import { recordedFunctions, type RecordedCall } from './functions/recorded.ts';
import { saltObject } from './functions/salt-object.ts';
import type { Matchers } from './matcher.ts';
import type { MineOf } from './others.ts';
import type { RootFile } from './roots.ts';
import { fileVariables, hostDict, optsOf, type HostVariables } from './template-variables.ts';
import type { TreeCompiler } from './tree-compiler.ts';

/** What is known of a host. */
export interface Facts {
  readonly grains: Grains;
  readonly pillar: Dict;
}

/** What the templates of a host see; what they ask is answered by what is known, or noted there. */
export type VariablesOf = (host: Host, facts: Facts, known: Known) => HostVariables;

/** What was asked of hosts: the one at hand, and others. */
export interface Known {
  readonly answers: Answers;
  readonly mine: MineOf;
}

/** What the variables of all hosts have in common. */
interface VariableParts {
  /** The variable `inventory`. */
  readonly inventory: Dict;
  readonly options: SaltOptions;
  /** The states of every saltenv. */
  readonly states: ReadonlyMap<string, TreeCompiler>;
  readonly matcherOf: Matchers;
  readonly asking: Asking;
  readonly recorded: readonly RecordedCall[];
  /** Learns which functions there are. */
  readonly provided: Set<string>;
}

/** Makes the variables of one host after the other. */
export function createHostVariables(parts: VariableParts): VariablesOf {
  const { inventory, options, states, matcherOf, asking, recorded } = parts;
  return (host, { grains, pillar }, { answers, mine }) => {
    const opts = optsOf(grains, host, options);
    const matches = matcherOf({ host, grains, pillar });
    const functions = new Map<string, HostFunction>();
    const salt = saltObject(functions);
    const variables = {
      salt,
      ifelse: hostFunction('ifelse', (call) => functions.get('match.ifelse')?.call(call) ?? null),
      grains,
      pillar,
      opts,
      host: hostDict(host),
      inventory,
    };
    const trees = (saltenv: string): TreeCompiler | undefined => states.get(saltenv);
    const render = {
      tree: trees,
      variables: (file: RootFile | undefined) => fileVariables(variables, file),
    };
    // Filled in afterwards: slsutil.renderer renders with the very variables that hold it.
    const own = new Map([
      ...askingFunctions(answers, asking),
      ...provideFunctions({ grains, pillar, opts, matches, trees, render, mine }),
    ]);
    for (const [name, callee] of [...own, ...recordedFunctions(recorded, own)]) functions.set(name, callee);
    for (const name of functions.keys()) parts.provided.add(name);
    return variables;
  };
}
